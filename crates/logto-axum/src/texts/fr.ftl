sign-in = Se connecter
sign-out = Se déconnecter
try-again = Réessayer
home-page = Retour à la page d’accueil
code = Code : { $code }
redirect-uri = URI de redirection : { $uri }

account-menu = Menu du compte
manage-account = Gérer le compte
organizations = Organisations
personal-account = Compte personnel

confirm-sign-in = Appuyez sur le bouton pour continuer vers la page de connexion.
confirm-sign-out = Appuyez sur le bouton pour vous déconnecter.
another-user = Vous êtes connecté en tant que { $user }, mais le lien est destiné à { $email }. Rien n’a changé ici. Pour utiliser le lien, déconnectez-vous, puis ouvrez-le à nouveau.

unavailable = Temporairement indisponible
    .advice = Votre session ne peut pas être lue ou enregistrée pour le moment. Rien n’est perdu : réessayez dans quelques secondes.

retry-in-a-second = Réessayez dans une seconde.
retry-in-seconds = Réessayez dans { $count } secondes.
retry-in-minutes = Réessayez dans { $count ->
        [one] une minute
       *[other] { $count } minutes
    }.
retry-in-hours = Réessayez dans { $count ->
        [one] une heure
       *[other] { $count } heures
    }.

unknown-error = La connexion a échoué
    .advice = Connectez-vous à nouveau. Si l’erreur se reproduit, prévenez l’exploitant de ce site.
no-permission = Autorisation manquante
    .advice = Votre compte n’est pas autorisé à faire cela. Demandez l’accès à l’exploitant de ce site ou à un administrateur de l’organisation.
sign-in-unfinished = La connexion n’a pas pu être terminée
    .advice = Ce site n’a pas pu préparer votre session. Réessayez ; si l’erreur se reproduit, prévenez l’exploitant de ce site.
sign-in-refused = La connexion a été refusée
    .advice = Ce site n’a pas accepté votre compte. Demandez l’accès à son exploitant.
not-in-organization = Vous ne faites pas partie de cette organisation
    .advice = Choisissez l’une de vos organisations, ou demandez à son administrateur de vous ajouter.
no-active-organization = Aucune organisation n’est sélectionnée
    .advice = Choisissez d’abord l’une de vos organisations.
acting-ended = Vous n’agissez pas au nom d’un autre utilisateur
    .advice = Vous avez arrêté, ou le temps est écoulé. Choisissez de nouveau l’utilisateur.
acting-refused = Vous ne pouvez pas agir au nom de cet utilisateur
    .advice = Choisissez un autre utilisateur. Si vous agissez déjà, arrêtez, puis choisissez de nouveau l’utilisateur.
access-denied = Vous ne vous êtes pas connecté
    .advice = La connexion a été annulée, ou votre compte ne peut pas utiliser cette application. Connectez-vous à nouveau, ou demandez l’accès.
transaction-expired = La connexion a pris trop de temps
    .advice = Elle n’a pas été terminée à temps. Connectez-vous à nouveau pour continuer vers la page souhaitée.
transaction-missing = Cette connexion n’a pas été commencée ici
    .advice = Elle a été commencée dans un autre navigateur, a déjà été utilisée, ou son cookie a disparu. Recommencez dans ce navigateur en autorisant les cookies.
link-for-another-user = Le lien est destiné à une autre personne
    .advice = Vous êtes connecté avec un autre compte. Rien n’a changé ici. Pour utiliser le lien, déconnectez-vous, puis ouvrez-le à nouveau.
unsolicited-sign-in = La connexion n’a pas commencé ici
    .advice = Pour votre sécurité, une connexion doit commencer sur ce site. Connectez-vous ici. L’exploitant peut aussi configurer le fournisseur d’identité pour qu’il ouvre la page d’authentification unique de ce site.
answer-untrusted = La réponse ne vient pas du service de connexion
    .advice = La connexion a été interrompue pour votre sécurité. Recommencez ; si l’erreur se reproduit, prévenez l’exploitant de ce site.
clocks-differ = Les horloges ne concordent pas
    .advice = Les horloges du service de connexion et de ce site diffèrent. L’exploitant de ce site doit régler l’horloge.
confirm-identity = Veuillez confirmer votre identité
    .advice = Cette action demande une nouvelle preuve. Connectez-vous à nouveau.
authentication-too-weak = Une connexion plus sûre est nécessaire
    .advice = La confirmation par un second facteur a échoué, ou votre compte n’en a pas. Configurez-en un dans votre compte, puis réessayez.
app-access-denied = Vous ne pouvez plus utiliser cette application
    .advice = Demandez l’accès à l’exploitant de ce site. Une fois l’accès obtenu, rechargez la page ; il n’est pas nécessaire de vous reconnecter.
sign-in-ended = La connexion a pris fin
    .advice = Connectez-vous à nouveau pour continuer.
provider-unreachable = Le service de connexion est injoignable
    .advice = C’est probablement temporaire. Réessayez bientôt.
provider-unexpected = Le service de connexion a donné une réponse inattendue
    .advice = Réessayez. L’exploitant de ce site trouvera la raison dans le journal ; `endpoint` doit être l’adresse d’un serveur Logto.
site-misconfigured = Ce site n’est pas configuré correctement
    .advice = L’exploitant doit comparer `app_id`, `app_secret`, l’URI de redirection et les ressources avec la console Logto.
account-too-large-organizations = Votre compte est trop volumineux pour ce site
    .advice = Il a plus d’organisations et de rôles que les cookies de ce site ne peuvent contenir. L’exploitant de ce site doit conserver les sessions dans un stockage.
account-too-large-custom-data = Votre compte est trop volumineux pour ce site
    .advice = Il a plus de données personnalisées que les cookies de ce site ne peuvent contenir. L’exploitant de ce site doit conserver les sessions dans un stockage.
account-too-large-both = Votre compte est trop volumineux pour ce site
    .advice = Il a plus d’organisations, de rôles et de données personnalisées que les cookies de ce site ne peuvent contenir. L’exploitant de ce site doit conserver les sessions dans un stockage.
account-too-large = Votre compte est trop volumineux pour ce site
    .advice = Son profil ne tient pas dans les cookies de ce site. L’exploitant de ce site doit conserver les sessions dans un stockage.
redirect-uri-not-registered = Le service de connexion ne connaît pas encore ce site
    .advice = L’exploitant doit enregistrer l’URI de redirection de ce site pour l’application dans la console Logto, exactement comme indiqué ; elle figure aussi dans le journal.
store-unavailable = Les sessions ne peuvent pas être lues ou enregistrées pour le moment
    .advice = C’est probablement temporaire. Réessayez dans quelques secondes.
account-switched-off = Votre compte ne peut pas être affiché ici
    .advice = L’exploitant doit activer l’API de compte dans la console Logto, sous « Account center ».
account-field-locked = Vous ne pouvez pas modifier cela vous-même
    .advice = L’exploitant de ce site ne permet pas de modifier cet élément. Demandez-lui de le modifier.
account-not-here = Ce site ne peut pas faire cela avec votre compte
    .advice = L’exploitant de ce site trouvera la raison dans le journal.
account-confirm = Veuillez confirmer votre identité
    .advice = Cette action nécessite votre mot de passe, saisi depuis moins de 10 minutes. Veuillez le saisir.
account-password-wrong = Le mot de passe est incorrect
    .advice = Vérifiez la touche Verr. maj. et réessayez.
account-code-wrong = Le code est incorrect ou a expiré
    .advice = Demandez un autre code et saisissez-le rapidement.
account-password-rejected = Le nouveau mot de passe est trop faible
    .advice = Choisissez-en un plus long, que vous n’utilisez nulle part ailleurs.
account-value-in-use = Cette valeur est déjà utilisée
    .advice = Choisissez-en une autre.
account-too-many-attempts = Trop de tentatives
    .advice = Patientez un moment avant de réessayer.
account-entry-gone = Cela ne fait plus partie de votre compte
    .advice = Cet élément a pris fin ou a été supprimé. Rechargez la page pour voir la liste actuelle.
account-link-expired = Le compte lié nécessite une nouvelle connexion
    .advice = Liez-le à nouveau dans les paramètres de votre compte.
account-values-rejected = Vos modifications n’ont pas été acceptées
    .advice = Vérifiez les valeurs et réessayez.
invalid-parameter = Le formulaire de connexion contenait une valeur invalide
    .advice = Revenez à la page précédente et connectez-vous depuis celle-ci.
cross-site-request = La requête vient d’un autre site
    .advice = Pour votre sécurité, la connexion, la déconnexion et les autres modifications doivent commencer sur ce site. Ouvrez sa page d’accueil et réessayez.
server-function-by-get = Seules les pages de ce site peuvent appeler cette fonction serveur
    .advice = Les autres sites et les liens dans les e-mails ne le peuvent pas. Les développeurs de ce site peuvent l’autoriser avec `ServerFunctions::allow_get`.
body-too-large = La requête est trop volumineuse
    .advice = Envoyez moins de données. Les développeurs de ce site peuvent augmenter la limite (`ServerFunctions::with_body_limit`).
button-needed = Une connexion commence par un bouton
    .advice = Les scripts et les préchargements ne peuvent pas en commencer une. Ouvrez la page et appuyez sur le bouton de connexion.

error-not-signed-in = Veuillez vous connecter pour continuer.
error-sign-in-needed = Votre connexion a pris fin. Veuillez vous reconnecter.
error-step-up-needed = Veuillez confirmer votre identité : reconnectez-vous pour continuer.
error-forbidden = Votre compte n’est pas autorisé à faire cela.
error-access-denied = Votre compte ne peut pas utiliser cette application pour le moment.
error-unavailable = Ceci est indisponible pour le moment. Veuillez réessayer bientôt.
error-internal = Une erreur est survenue. Veuillez réessayer plus tard.
