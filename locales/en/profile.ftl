# The page “Profile”
