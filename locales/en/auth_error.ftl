# The page for a failed sign-in.

auth-error-title = Sign-in failed
auth-error-redirect-uri = Redirect URI:
auth-error-sign-in-again = Sign in again
auth-error-still-signed-in = You are still signed in, as before.
auth-error-home = Back to the home page
