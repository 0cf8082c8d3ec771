# La page pour une connexion qui a échoué.

auth-error-title = Échec de la connexion
auth-error-redirect-uri = URI de redirection :
auth-error-sign-in-again = Se reconnecter
auth-error-still-signed-in = Vous êtes toujours connecté, comme avant.
auth-error-home = Retour à la page d’accueil
