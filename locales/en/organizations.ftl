# The page “Organizations”
