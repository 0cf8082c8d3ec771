# The page “Streaming”
