# La page « Agir au nom d’un utilisateur »

act-as-heading = Agir au nom d’un autre utilisateur
act-as-about =
    Une équipe d’assistance doit voir ce que voit un client. Grâce à un échange de jeton, un utilisateur de votre
    application agit au nom d’un autre, le voit sur chaque page, et revient en arrière. Aucun mot de passe n’est partagé, et
    l’API sait qui agit.

## Begin

act-as-begin = Choisir un utilisateur
act-as-begin-what-html =
    L’API de gestion crée un jeton « subject token », et <code>act_as</code> l’échange auprès de Logto. La session garde
    le jeton obtenu, scellé avec le reste. Les boutons fonctionnent sans JavaScript.
act-as-begin-who-html =
    <strong>Votre application décide qui peut agir au nom de qui</strong>, dans la fonction serveur et avant d’interroger
    Logto. Dans cette application, c’est le rôle <code>manager</code>.
act-as-begin-tip =
    Un agent obtient toutes les permissions de l’autre utilisateur que l’application demande. Ne laissez pas une équipe
    d’assistance agir au nom d’administrateurs, et notez qui a agi au nom de qui.
act-as-button = Agir au nom de { $user }
act-as-not-set-up = Cette application ne peut pas agir au nom d’autres utilisateurs
act-as-not-set-up-advice-html =
    Réglez <code>LOGTO_MANAGEMENT_APP_ID</code> et <code>LOGTO_MANAGEMENT_APP_SECRET</code> sur une application
    machine-à-machine qui a le rôle <strong>Logto Management API access</strong>, et activez <strong>Allow token
    exchange</strong> pour cette application dans la console Logto.
act-as-error-no-such-user = Cet utilisateur n’existe pas. Rechargez la page pour voir la liste actuelle.
act-as-error-unavailable =
    Logto ne peut pas fournir les utilisateurs pour le moment. Réessayez bientôt ; le journal en donne la raison.
act-as-error-forbidden = Seuls les utilisateurs qui ont le rôle manager peuvent agir au nom d’un autre utilisateur.

## The banner

act-as-banner = Le bandeau, et le retour
act-as-banner-what-html =
    <code>acting_as</code> lit la session et n’envoie aucune requête : chaque page peut l’afficher. La session reste celle
    de l’agent : le nom dans l’en-tête, les revendications, les gardes et le compte ne sont pas ceux de l’autre utilisateur.
act-as-banner-end-html =
    <code>stop_acting</code> révoque le jeton obtenu. L’action prend fin aussi quand ce jeton expire, avec une déconnexion,
    et avec une nouvelle connexion.
act-as-nobody = Pour le moment, vous n’agissez pas au nom d’un autre utilisateur. Choisissez-en un ci-dessus.
act-as-banner-text = Vous agissez au nom de { $user }.
act-as-banner-stop = Arrêter

## The API

act-as-api = Appeler une API au nom de l’utilisateur
act-as-api-what-html =
    <code>access_token_as</code> renvoie un jeton de l’autre utilisateur pour une API. Chaque appel est une requête à
    Logto : utilisez un seul jeton pour tous les appels d’une page.
act-as-api-act-html =
    Dans le jeton, <code>sub</code> est l’autre utilisateur et <code>act</code> l’agent. Une API enregistre les deux, et
    refuse les jetons avec <code>act</code> pour ce que seul l’utilisateur lui-même peut faire, comme changer un mot de passe.
act-as-back = Retour au compte

## The link on the page “Account”

act-as-link = Agir au nom d’un autre utilisateur
act-as-link-what =
    Pour une équipe d’assistance : un manager agit au nom d’un autre utilisateur, avec un bandeau sur chaque page et un
    retour en arrière.
act-as-link-open = Ouvrir la page
act-as-read-impersonation = Emprunt d’identité d’un utilisateur
