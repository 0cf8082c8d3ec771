# La page « Installation »
