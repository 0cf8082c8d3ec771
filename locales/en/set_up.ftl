# The page “Set up”
