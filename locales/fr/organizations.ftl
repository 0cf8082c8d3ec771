# La page « Organisations »
