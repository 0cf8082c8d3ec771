# La page « Connexion »

sign-in-heading = Se connecter et se déconnecter
sign-in-about =
    Deux composants lancent la connexion et la déconnexion. La bibliothèque fournit les routes
    correspondantes : vous n’en écrivez aucune. Des options décident de ce que Logto affiche d’abord.

## Boutons

sign-in-buttons = Boutons
sign-in-buttons-about-html =
    <code>SignedIn</code> affiche son contenu aux utilisateurs connectés, et <code>SignedOut</code> aux
    visiteurs. Chacun contient le bouton qui convient :
sign-in-buttons-form-html =
    Chaque bouton est un formulaire qui envoie <code>POST</code>. Il fonctionne sans JavaScript, et aucun
    navigateur ne le précharge. Après la connexion, l’utilisateur revient sur cette page ;
    <code>return_to</code> en désigne une autre.
sign-in-state = L’état de la session
sign-in-state-about-html =
    Deux signaux indiquent aux pages et aux îlots qui est connecté : <code>use_session</code> et
    <code>use_user</code>. Ils ont leur valeur dès le rendu de la page, et ne demandent aucune requête.

## Retour

sign-in-callback = Le rappel (callback) et les autres routes
sign-in-callback-about-html =
    La ligne <code>with_logto</code> ajoute cinq routes pour la connexion et la déconnexion. Celle du rappel
    vérifie l’état, échange le code, vérifie le jeton d’identifiant, écrit la session et redirige vers la page
    où la connexion a commencé.
sign-in-callback-tip-html =
    Un lien vers <code>GET /sign-in</code> ou <code>GET /sign-out</code> ouvre une page qui demande un clic.
    Aucun autre site ne peut donc connecter ou déconnecter vos utilisateurs. Un script,
    <code>/logto-session.js</code>, signale la fin de la session aux onglets ouverts.
sign-in-route = Route
sign-in-route-purpose = Ce qu’elle fait
sign-in-route-sign-in = Garde l’état, le nonce et le vérificateur PKCE dans un cookie, et redirige vers Logto
sign-in-route-callback = Reçoit l’utilisateur à son retour, et ouvre la session
sign-in-route-sign-out = Ferme la session, révoque le jeton de rafraîchissement, et redirige vers Logto
sign-in-route-organization = Définit l’organisation active de la session
sign-in-route-backchannel = Reçoit un jeton de déconnexion de Logto, et ferme les sessions qu’il désigne

## Options

sign-in-options = Options de connexion
sign-in-options-about =
    Chaque option est une propriété du composant. Essayez-les sans être connecté : Logto n’affiche une page à
    un utilisateur déjà connecté chez lui que s’il le faut. Le fournisseur local ignore les options pour
    lesquelles il n’a pas de page.
sign-in-first-screen = Premier écran
sign-in-first-screen-about = Logto ouvre la page de création de compte au lieu de la page de connexion.
sign-in-first-screen-button = Créer un compte
sign-in-identifiers = Identifiants
sign-in-identifiers-about =
    Logto demande une adresse e-mail ou un numéro de téléphone, et non un nom d’utilisateur. Le tenant doit
    proposer ces moyens de connexion.
sign-in-identifiers-button = Se connecter par e-mail ou téléphone
sign-in-direct = Connexion directe
sign-in-direct-about =
    Logto saute sa propre page et envoie l’utilisateur chez GitHub. Un tenant sans ce connecteur affiche sa
    page de connexion.
sign-in-direct-button = Se connecter avec GitHub
sign-in-hint = Identifiant prérempli
sign-in-hint-about = Logto remplit l’identifiant, et l’utilisateur ne saisit que le mot de passe.
sign-in-hint-button = Se connecter comme ada
sign-in-language = Langue
sign-in-language-about =
    Logto affiche ses pages dans cette langue. Sans cette option, il les affiche dans la langue de cette page.
sign-in-language-button = Se connecter en anglais
sign-in-organization = Organisation
sign-in-organization-about = Logto affiche le logo et les couleurs de cette organisation sur sa page de connexion.
sign-in-organization-button = Se connecter pour acme
sign-in-prompt = Nouvelle authentification (prompt)
sign-in-prompt-about =
    Logto demande à nouveau le mot de passe, même à un utilisateur encore connecté chez lui. Grâce à la seconde
    valeur, « consent », Logto délivre un jeton de rafraîchissement.
sign-in-prompt-button = Saisir à nouveau le mot de passe
sign-in-token = Jeton à usage unique
sign-in-token-about =
    Votre serveur crée le jeton avec la Management API de Logto et l’envoie dans un lien par e-mail. Logto
    connecte alors le propriétaire de l’adresse sans mot de passe. Le jeton de ce formulaire est inventé :
    Logto le refuse.
sign-in-token-button = Se connecter par lien magique

## Déconnexion

sign-in-out = Deux sortes de déconnexion
sign-in-out-about =
    La première ferme aussi la session chez Logto : la prochaine connexion demande le mot de passe. La seconde
    ne ferme que la session de cette application : la prochaine connexion ne demande rien.
sign-in-out-everywhere = Se déconnecter aussi de Logto
sign-in-out-here = Se déconnecter de cette application
sign-in-out-signed-out = Vous n’êtes pas connecté. Connectez-vous pour voir les deux boutons.
sign-in-out-tip =
    Si plusieurs applications partagent une connexion, enregistrez l’adresse de déconnexion par canal arrière
    de chacune. Logto demande alors aux autres applications de fermer leurs sessions.

## Lectures

sign-in-read-parameters = Paramètres d’authentification
sign-in-read-first-screen = Premier écran
sign-in-read-direct = Connexion directe
sign-in-read-languages = Langues
sign-in-read-token = Jeton à usage unique
sign-in-read-social = Connexion sociale
sign-in-read-out = Déconnexion
