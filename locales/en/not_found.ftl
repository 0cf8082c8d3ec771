# The page for an unknown address.

not-found-title = Page not found
not-found-heading = There is no such page
not-found-advice = The address may be mistyped, or the page has moved.
not-found-home = Back to the home page
