# La page d’une invitation à une organisation

invitation-heading = Invitation à une organisation
invitation-open = L’adresse { $email } est invitée à rejoindre { $organization }.
invitation-joined =
    Vous êtes maintenant membre de { $organization }. Voici votre jeton pour cette organisation, obtenu sans nouvelle
    connexion :
invitation-other =
    Cette invitation est destinée à un autre compte. Connectez-vous avec l’adresse e-mail invitée ou créez un compte
    avec cette adresse. Vous reviendrez ensuite à cette page.
invitation-used = Cette invitation a déjà été acceptée. Demandez-en une nouvelle à un administrateur de l’organisation.
invitation-expired = Cette invitation a expiré. Demandez-en une nouvelle à un administrateur de l’organisation.
invitation-revoked = Cette invitation a été révoquée. Demandez-en une nouvelle à un administrateur de l’organisation.
invitation-unknown = Cette invitation n’existe pas. Vérifiez que le lien est complet.
invitation-join = Rejoindre l’organisation
invitation-other-account = Se connecter avec un autre compte
invitation-new-account = Créer un compte
invitation-organizations = Vos organisations
