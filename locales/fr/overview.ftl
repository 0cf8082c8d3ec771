# La page « Vue d’ensemble »
