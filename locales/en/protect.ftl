# The page “Protect a page”
