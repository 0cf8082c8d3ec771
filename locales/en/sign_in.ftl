# The page “Sign in”
