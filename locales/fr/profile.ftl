# La page « Profil »
