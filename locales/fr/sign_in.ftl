# La page « Connexion »
