# La page « Ressources API »
