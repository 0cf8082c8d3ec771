# La page « Vue d’ensemble »

overview-heading = Se connecter avec Logto
overview-about =
    Ce site est un guide de démarrage interactif pour Leptos. Il vous connecte avec Logto, et chaque page montre une
    étape de l’intégration à côté du code qui l’exécute.

## Connexion et déconnexion

overview-account = Se connecter et se déconnecter
overview-account-code =
    Un composant affiche le bon bouton. Chaque bouton est un petit formulaire : il fonctionne sans
    JavaScript.
overview-signed-out = Vous n’êtes pas connecté. Connectez-vous pour voir vos revendications ci-dessous.
overview-signed-in = Vous êtes connecté. Vos revendications se trouvent ci-dessous.
overview-demo-users = Le fournisseur local a trois utilisateurs de démonstration :
overview-demo-username = Nom d’utilisateur
overview-demo-password = Mot de passe
overview-demo-has = Données
overview-demo-ada = toutes les permissions, deux organisations
overview-demo-bob = la lecture des produits, une organisation
overview-demo-cleo = aucune permission, des revendications nulles

## Revendications

overview-who = Qui vous êtes
overview-claims =
    Une revendication est une affirmation sur l’utilisateur. Logto signe celles du jeton d’identifiant, et
    le serveur les a vérifiées lors de votre connexion :
overview-claim = Revendication
overview-value = Valeur
overview-no-claims =
    Un visiteur n’a pas de revendications. Connectez-vous : le tableau des vôtres apparaîtra ici.

## Le déroulement d’une connexion

overview-flow = Le déroulement d’une connexion
overview-flow-about =
    Logto vérifie qui vous êtes : ce site ne voit jamais votre mot de passe. Les jetons restent sur le
    serveur et dans un cookie chiffré ; les scripts du navigateur ne peuvent pas les lire.
overview-flow-label = Les messages d’une connexion
overview-flow-browser = Navigateur
overview-flow-app = Votre application
overview-flow-browser-app = Du navigateur à l’application :
overview-flow-browser-logto = De l’application à Logto, par le navigateur :
overview-flow-logto-browser = De Logto à l’application, par le navigateur :
overview-flow-app-logto = De l’application à Logto :
overview-flow-logto-app = De Logto à l’application :
overview-flow-app-browser = De l’application au navigateur :
overview-flow-form-html = Le bouton envoie un formulaire : <code>POST /sign-in</code>
overview-flow-redirect = Redirection avec un état, un nonce et un défi PKCE
overview-flow-code-html = Après la connexion, redirection avec un code : <code>GET /callback</code>
overview-flow-exchange = Le code, le vérificateur PKCE et le secret de l’application
overview-flow-tokens = Jeton d’identifiant, jeton d’accès, jeton de rafraîchissement
overview-flow-page = La page, et un cookie chiffré

## Les étapes

overview-steps = Ce que chaque étape enseigne
overview-steps-about = Les étapes se suivent, mais vous pouvez ouvrir chacune d’elles séparément.
overview-step-set-up = Ajouter la bibliothèque, enregistrer les adresses et écrire la configuration.
overview-step-sign-in =
    Choisir ce que Logto affiche d’abord, et se déconnecter de l’application seule ou de Logto aussi.
overview-step-protect = Exiger un utilisateur ou un rôle, et voir ce que les autres visiteurs obtiennent.
overview-step-profile = Demander des portées, et lire les revendications du jeton d’identifiant et de userinfo.
overview-step-resources = Obtenir un jeton d’accès pour une API, qui le vérifie.
overview-step-organizations = Obtenir des jetons d’organisation, et changer d’organisation.
overview-step-account = Laisser les utilisateurs modifier leur compte, et voir où ils sont connectés.
overview-step-sessions = Conserver les sessions dans des cookies, Redis, PostgreSQL ou votre propre stockage.
overview-step-streaming = Envoyer une page en plusieurs parties, et voir ce que cela change pour les cookies.
overview-step-logto-away = Voir ce qui fonctionne encore quand Logto est injoignable.

## Lectures

overview-read-flows = Parcours des utilisateurs finaux
overview-read-connectors = Connecteurs
overview-read-authorization = Autorisation
