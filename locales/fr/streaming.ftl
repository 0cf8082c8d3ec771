# La page « Streaming »
