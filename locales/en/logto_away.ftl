# The page “When Logto is away”
