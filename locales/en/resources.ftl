# The page “API resources”
