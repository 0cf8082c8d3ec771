# La session : son contenu, son stockage, sa durée, sa fin.

sessions-heading = Sessions
sessions-about =
    La session est ce que l’application retient après une connexion : un jeton d’identifiant, un jeton de
    rafraîchissement et les jetons d’accès obtenus jusqu’ici. Elle est scellée, et n’arrive jamais dans une page
    ni dans un script.
sessions-signed-out = Connectez-vous pour voir ce contenu.

## Votre session

sessions-yours = Votre session
sessions-cookie = Votre navigateur a envoyé le cookie
sessions-cookie-size = de { $size } octets.

## Jetons d’accès

sessions-tokens = Jetons d’accès conservés
sessions-tokens-text =
    Un jeton d’accès est conservé jusqu’à son expiration, pour que chaque page ne le redemande pas à Logto. Si la
    place manque, le jeton inutilisé depuis le plus longtemps est abandonné, et redemandé quand une page en a
    besoin. Le jeton sans audience est celui de userinfo.
sessions-no-tokens = Il n’y en a aucun. La page « Ressources API » en obtient.

## Où les sessions sont conservées

sessions-store = Où les sessions sont conservées
sessions-store-cookies-text-html =
    Par défaut, la session est dans des cookies chiffrés. L’application n’a besoin d’aucune infrastructure, et un
    nombre quelconque de processus servent le même utilisateur, fonctions sans serveur comprises. Plusieurs
    processus devraient partager une liste de refus (<code>LOGTO_DENY_LIST_URL</code>) : avec elle, une déconnexion
    met fin à toutes les copies d’un cookie.
sessions-store-text =
    Utilisez un stockage si les sessions deviennent trop grandes pour des cookies, par exemple avec beaucoup
    d’organisations et de ressources, ou si les cookies de chaque requête doivent rester petits. Le navigateur n’a
    alors qu’un identifiant aléatoire.
sessions-store-now = Utilisé maintenant
sessions-store-cookies = Cookies
sessions-store-memory = Mémoire
sessions-store-redis = Redis
sessions-store-postgres = PostgreSQL
sessions-store-switch-html =
    Pour changer, définissez une variable et redémarrez l’application, ou appelez <code>with_store</code>. Les
    fonctionnalités <code>redis</code> et <code>postgres</code> du crate ajoutent les deux stockages.
sessions-store-move =
    Passer des cookies à un stockage ne déconnecte personne : chaque session est transférée à sa prochaine
    requête. En production, utilisez Redis ou PostgreSQL ; les sessions en mémoire prennent fin avec le processus.

## Coûts

sessions-costs = Coûts des stockages
sessions-costs-text = Les cookies coûtent des octets à chaque requête. Un stockage coûte un aller-retour pour chaque requête qui utilise la session.
sessions-cost-store = Stockage
sessions-cost-load = Une lecture
sessions-cost-size = Par session
sessions-cost-pages = Pages/s
sessions-cost-cookie-size = jusqu’à 2,8 ko
sessions-costs-source-html =
    Les lectures et les tailles sont mesurées avec un million de sessions (<code>docs/sizing.md</code>). Les pages
    par seconde sont celles d’une page d’utilisateur connecté, sur deux cœurs, toutes les requêtes étant de la même session
    (<code>bench/results/latest.md</code>). Un tiret signifie qu’il n’y a rien à mesurer, ou pas de mesure.

## Votre propre stockage

sessions-own = Votre propre stockage
sessions-own-text-html =
    Implémentez <code>SessionStore</code> pour une autre base de données, et passez-le à <code>with_store</code>.
    <code>save</code> compare avant de remplacer : deux requêtes simultanées ne perdent aucun jeton.
sessions-own-sealed = Le stockage ne voit que des sessions scellées : une copie de la base ne vaut rien sans le secret des cookies.

## Durée

sessions-life = Durée d’une session
sessions-life-begins-html = <strong>Vous vous connectez.</strong> Logto donne un jeton d’identifiant et des jetons d’accès pour une heure, et un jeton de rafraîchissement.
sessions-life-renewed-html =
    <strong>Une heure passe.</strong> La page suivante renouvelle le jeton d’identifiant et, quand ils sont
    nécessaires, les jetons d’accès. Vous ne remarquez rien.
sessions-life-away-html =
    <strong>Logto est injoignable.</strong> Vous restez connecté avec les dernières revendications, et l’état est
    « À renouveler ». Une erreur passagère ne vous déconnecte jamais.
sessions-life-revoked-html = <strong>La connexion est révoquée chez Logto.</strong> L’état est « Connexion requise ».
sessions-life-limits-html =
    <strong>Le temps est écoulé.</strong> Après { $idle } sans visite, ou { $absolute } en tout, vous êtes déconnecté.
sessions-life-sign-out-html =
    <strong>Vous vous déconnectez.</strong> Le jeton de rafraîchissement est révoqué et le cookie est supprimé. Les
    copies du cookie ne fonctionnent pas non plus, et les autres onglets le remarquent.

## Deux façons de se déconnecter

sessions-out = Deux façons de se déconnecter
sessions-out-logto =
    La déconnexion habituelle met aussi fin à la session chez Logto. La prochaine connexion demande un mot de
    passe, et les autres applications de la même session Logto peuvent en être informées.
sessions-out-app-html =
    Avec <code>this_app_only</code>, seule cette application vous oublie. Vous restez connecté aux autres, et la
    prochaine connexion ici ne demande pas de mot de passe.
sessions-out-logto-button = Se déconnecter aussi de Logto
sessions-out-app-button = Se déconnecter de cette application

## Lectures complémentaires

sessions-read-sign-out = Déconnexion
