# La page « Compte »

my-account-heading = Le compte de l’utilisateur
my-account-about =
    L’API de compte de Logto permet aux utilisateurs de voir et de modifier leur propre compte sans quitter
    l’application. L’espace « Account center » de Logto offre des pages prêtes à l’emploi pour ce qu’une application ne veut
    pas gérer elle-même.

## Name and custom data

my-account-profile = Nom et données personnalisées
my-account-profile-what-html =
    <code>account()</code> renvoie un client avec le jeton d’accès opaque de la session. Le jeton reste sur le
    serveur, et il est renouvelé une fois si Logto le refuse. Le formulaire est un <code>ActionForm</code> : il
    fonctionne sans JavaScript.
my-account-profile-custom =
    Le thème est une entrée des données personnalisées. Les revendications de la session sont ensuite renouvelées,
    pour que l’en-tête affiche le nouveau nom.
my-account-profile-tip-html =
    L’API est désactivée dans un nouveau tenant. Activez-la dans la console Logto sous <strong>Account
    center</strong>, ou avec <code>PATCH /api/account-center</code>. Chaque utilisateur peut modifier un champ réglé
    sur <code>Edit</code> : ne mettez pas dans les données personnalisées ce que l’utilisateur ne doit pas pouvoir modifier.
my-account-name = Nom
my-account-theme = Thème
my-account-save = Enregistrer
my-account-invalid = Veuillez saisir une valeur valide.

## Password and second factors

my-account-security = Mot de passe et seconds facteurs
my-account-security-what-html =
    <code>AccountCenter</code> construit les adresses des pages de Logto, et celle du retour vers cette page. Elles
    existent depuis Logto 1.37.
my-account-password = Changer le mot de passe
my-account-authenticator = Ajouter une application d’authentification
my-account-passkey = Ajouter une clé d’accès
my-account-overview = Tous les paramètres de sécurité

## Sessions

my-account-sessions = Où vous êtes connecté
my-account-sessions-what-html =
    <code>sessions</code> liste les navigateurs dans lesquels l’utilisateur est connecté à Logto, et
    <code>revoke_session</code> met fin à l’une des sessions, avec les autorisations de ses applications
    (<code>RevokeGrants::All</code>). Il faut la portée <code>urn:logto:scope:sessions</code> et Logto 1.38.
my-account-sessions-proof-html =
    Logto demande une preuve datant de 10 minutes au plus. <code>verify_password</code> renvoie son identifiant, et cette
    application le garde dans les données scellées de la session.
my-account-sessions-tip =
    Logto n’envoie pas de déconnexion « back-channel » quand une session est révoquée. Une application le remarque
    quand elle renouvelle un jeton, ou appelle Logto avec celui-ci.
my-account-your-password = Votre mot de passe
my-account-confirm = Afficher mes sessions
my-account-this-one = Celle-ci
my-account-sign-out-there = Déconnecter ce navigateur
my-account-unknown-browser = Navigateur inconnu
my-account-read-api = API de compte
my-account-read-center = Account center
