# The page “Overview”
