# La page « Agir au nom d’un utilisateur »

act-as-heading = Agir au nom d’un autre utilisateur
act-as-about =
    Une équipe d’assistance a besoin de voir ce que voit un client. Après un échange de jeton, un utilisateur de votre
    application agit au nom d’un autre. Un bandeau le rappelle sur chaque page, et un bouton y met fin. Aucun mot de passe
    n’est partagé, et les API savent qui agit.

## Commencer

act-as-begin = Choisir un utilisateur
act-as-begin-what-html =
    L’API de gestion crée un jeton de sujet (subject token), et <code>act_as</code> l’échange auprès de Logto. La
    session garde le jeton obtenu, scellé avec le reste. Les boutons fonctionnent sans JavaScript.
act-as-begin-who-html =
    <strong>Votre application décide qui peut agir au nom de qui</strong>, dans la fonction serveur et avant de créer le
    jeton de sujet. Dans cette application, les utilisateurs qui ont le rôle <code>manager</code> peuvent agir au nom de
    ceux qui n’ont pas d’autre rôle que <code>reader</code>.
act-as-begin-tip =
    Un agent obtient toutes les permissions de l’autre utilisateur que l’application demande. Ne laissez pas une équipe
    d’assistance agir au nom d’administrateurs, et notez qui a agi au nom de qui.
act-as-button = Agir au nom de { $user }
act-as-not-set-up = Cette application ne peut pas agir au nom d’autres utilisateurs
act-as-not-set-up-advice-html =
    Donnez à <code>LOGTO_MANAGEMENT_APP_ID</code> et à <code>LOGTO_MANAGEMENT_APP_SECRET</code> l’identifiant et le secret
    d’une application machine à machine qui a le rôle <strong>Logto Management API access</strong>. Dans la console Logto,
    activez <strong>Allow token exchange</strong> pour l’application <code>LOGTO_APP_ID</code>. Puis redémarrez cette
    application.
act-as-error-no-such-user = Cet utilisateur n’existe pas. Rechargez la page pour voir la liste actuelle.
act-as-error-not-allowed =
    Vous ne pouvez pas agir au nom de cet utilisateur, à cause d’un de ses rôles. Choisissez un autre utilisateur.
act-as-error-unavailable =
    Logto est injoignable ou a refusé l’appel. Réessayez dans un instant ; le journal de l’application en donne la raison.
act-as-error-forbidden = Seuls les utilisateurs qui ont le rôle manager peuvent agir au nom d’un autre utilisateur.

## Le bandeau

act-as-banner = Le bandeau et le retour
act-as-banner-what-html =
    <code>acting_as</code> lit la session et n’envoie aucune requête : chaque page peut afficher le bandeau. Le nom dans
    l’en-tête, les revendications, les gardes et le compte restent ceux de l’agent.
act-as-banner-end-html =
    <code>stop_acting</code> révoque le jeton obtenu. L’utilisateur cesse aussi d’agir au nom de l’autre à l’expiration de
    ce jeton, à la déconnexion et à la connexion suivante.
act-as-not-acting = Vous n’agissez pas au nom d’un autre utilisateur. Choisissez-en un ci-dessus.
act-as-banner-text = Vous agissez au nom de { $user }.
act-as-banner-stop = Arrêter

## L’API

act-as-api = Appeler une API au nom de l’utilisateur
act-as-api-what-html =
    <code>access_token_as</code> renvoie un jeton de l’autre utilisateur pour une API. L’appel nomme l’utilisateur que la
    page affiche : si un autre onglet en a choisi un autre depuis, l’appel échoue.
act-as-api-act-html =
    Dans le jeton, <code>sub</code> est l’autre utilisateur et <code>act</code> l’agent. Votre API devrait enregistrer les
    deux, et refuser les jetons avec <code>act</code> pour ce que seul l’utilisateur lui-même peut faire, comme changer de
    mot de passe.
act-as-back = Retour au compte

## Le lien de la page « Compte »

act-as-link = Agir au nom d’un autre utilisateur
act-as-link-what =
    Pour une équipe d’assistance : un manager agit au nom d’un autre utilisateur, avec un bandeau sur chaque page et un
    bouton pour arrêter.
act-as-link-open = Ouvrir la page
act-as-read-impersonation = Emprunt d’identité d’un utilisateur
