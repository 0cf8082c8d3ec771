# The page “Sessions”
