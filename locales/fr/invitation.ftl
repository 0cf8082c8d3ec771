# La page d'une invitation à une organisation

invitation-heading = Invitation à une organisation
invitation-open = { $email } est invité à rejoindre { $organization }.
invitation-joined =
    Vous êtes maintenant membre de { $organization }. Voici votre jeton pour elle, sans nouvelle connexion :
invitation-other =
    Cette invitation est pour un autre compte. Connectez-vous avec le compte invité : vous reviendrez à cette page.
invitation-used =
    Cette invitation a été acceptée et ne peut plus servir. Demandez-en une nouvelle à un admin de l’organisation.
invitation-expired = Cette invitation a expiré. Demandez-en une nouvelle à un admin de l’organisation.
invitation-revoked = Cette invitation a été retirée. Demandez-en une nouvelle à un admin de l’organisation.
invitation-unknown = Cette invitation n’existe pas. Vérifiez que le lien est complet.
invitation-join = Rejoindre l’organisation
invitation-other-account = Se connecter avec un autre compte
invitation-organizations = Vos organisations
