# The page for a failed sign-in.

auth-error-title = Sign-in failed
auth-error-redirect-uri = Redirect URI:
auth-error-sign-in-again = Sign in again
auth-error-home = Back to the home page
