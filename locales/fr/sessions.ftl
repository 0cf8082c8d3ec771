# La page « Sessions »
