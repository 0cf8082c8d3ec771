# La page « Quand Logto est absent »
