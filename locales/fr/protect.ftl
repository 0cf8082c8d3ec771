# La page « Protéger une page »
