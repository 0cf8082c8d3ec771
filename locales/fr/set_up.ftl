# La page « Installation »

set-up-heading = Installer Logto dans votre application
set-up-about =
    Une bibliothèque, quatre variables d’environnement, une ligne au routeur d’axum et un composant autour du Router
    de Leptos. La bibliothèque vérifie l’installation et vous dit ce qui manque.

## Prérequis

set-up-before = Prérequis
set-up-before-app-html =
    Une application Leptos 0.8 sur axum 0.8, compilée avec <code>cargo leptos</code>.
set-up-before-logto-html =
    Un tenant (locataire) chez <a href="https://cloud.logto.io">Logto Cloud</a>, ou votre propre Logto.
set-up-before-type-html =
    Une application du type <strong>Traditional web</strong> (application traditionnelle) dans la console Logto.
set-up-before-tip-html =
    Vous pouvez commencer sans Logto : une version de débogage avec la fonctionnalité
    <code>dev-provider</code> contient son propre fournisseur.

## Installation

set-up-install = Installation
set-up-install-about =
    Placez une copie du dépôt à côté de votre application. Ces commandes ajoutent la bibliothèque, et de quoi écrire
    le journal :
set-up-install-changes-html =
    Le code montre tous les changements du modèle <code>start-axum</code> : les lignes avec <code>+</code> sont
    nouvelles, et les commandes ont ajouté les deux premières. Votre application a les mêmes endroits.
    <code>dev-provider</code> active le fournisseur de développement.
set-up-install-features-html =
    Activez <code>logto-leptos/ssr</code> dans la fonctionnalité du serveur et
    <code>logto-leptos/hydrate</code> dans celle du navigateur. Les fonctionnalités <code>redis</code> et
    <code>postgres</code> ajoutent un stockage de sessions.
set-up-install-template-html =
    Pour une nouvelle application, voici le modèle <code>start-axum</code> avec ces changements :

## Variables d'environnement

set-up-environment = Variables d’environnement
set-up-environment-about-html =
    Pour votre propre Logto, les quatre premières sont obligatoires. Le serveur signale en une fois toutes les
    valeurs absentes ou invalides. Le fichier <code>.env.example</code> du dépôt décrit les autres.
set-up-environment-secret =
    Le secret des cookies chiffre les sessions. Il compte au moins 32 octets, et il reste le même après un
    redémarrage :
set-up-variable = Variable
set-up-variable-value = Valeur
set-up-variable-endpoint = L’adresse de Logto, par exemple https://your-tenant.logto.app
set-up-variable-app-id = L’identifiant de l’application, dans la console Logto
set-up-variable-app-secret = Le secret de l’application, dans la console Logto
set-up-variable-cookie-secret = Votre propre secret, d’au moins 32 octets
set-up-variable-base-url = L’adresse que saisissent les utilisateurs ; par défaut, celle de cargo leptos
set-up-variable-scopes = D’autres portées, séparées par des espaces
set-up-variable-resources = Des ressources API, séparées par des espaces
set-up-variable-store = Un stockage de sessions ; par défaut, les sessions sont dans des cookies

## Routeur

set-up-router = Routeur et fournisseur de contexte
set-up-router-about-html =
    <code>with_logto</code> ajoute les routes de la connexion, la couche de session et la vérification de
    l’installation. Appelez-la après toutes les routes et la route par défaut, car une couche ne couvre que ce
    qui a été ajouté avant elle.
set-up-router-provider-html =
    <code>LogtoProvider</code> entoure le <code>Router</code> de Leptos. Il fait connaître la session à toutes les
    pages, qui remarquent alors une déconnexion dans un autre onglet.
set-up-hydration = Hydratation complète ou îlots
set-up-hydration-about-html =
    Avec l’hydratation complète, comme dans le modèle <code>start-axum</code>, il ne faut rien de plus.
set-up-hydration-islands-html =
    Ce site utilise des îlots : la fonctionnalité <code>islands</code> de <code>leptos</code>, et
    <code>hydrate_islands</code>. Si des fonctions serveur de vos îlots appellent <code>sign_in</code> ou
    <code>sign_out</code>, appelez d’abord <code>follow_redirects</code>. Dans une application à hydratation
    complète, écrivez <code>#[component]</code> là où le code de ce site a <code>#[island]</code>.
set-up-samples-html =
    Les exemples des pages suivantes sont les fichiers d’un seul module : ils s’utilisent entre eux par
    <code>super::</code>. Ils ont besoin de ces bibliothèques, et les appels d’une API de <code>reqwest</code> dans
    la fonctionnalité du serveur :

## Adresses

set-up-addresses = URI de redirection
set-up-addresses-about-html =
    Logto n’envoie les utilisateurs qu’aux adresses que vous avez enregistrées. Copiez ces adresses dans la page de
    votre application, dans la console Logto, puis cliquez sur <strong>Enregistrer les modifications</strong>. Elles
    doivent correspondre exactement.
set-up-addresses-check =
    L’état est à jour : le serveur interroge le fournisseur au chargement de cette page, au plus une fois
    toutes les cinq secondes.
set-up-redirect-uri = URI de redirection
set-up-post-sign-out-redirect-uri = URI de redirection après déconnexion
set-up-backchannel-logout-uri = URI de déconnexion par canal arrière
set-up-state-registered = Enregistrée
set-up-state-not-registered = Non enregistrée
set-up-state-application-unknown = Application inconnue
set-up-state-away = Fournisseur injoignable
set-up-state-optional = Facultative, non vérifiée
set-up-away = Le fournisseur n’a pas répondu
set-up-away-advice =
    Logto est injoignable, ou sa réponse n’était pas claire : l’état des adresses n’est pas connu. Vérifiez
    LOGTO_ENDPOINT et le journal du serveur, puis rechargez cette page.

## Configuration dans le code

set-up-configs = Configuration dans le code
set-up-configs-about-html =
    <code>Logto::from_env</code> lit tout dans l’environnement. Le code peut modifier ce qui a été lu, ou tout
    définir lui-même.
set-up-configs-two-html =
    <code>LogtoConfig</code> contient ce qui concerne Logto : point de terminaison, application, portées,
    ressources. <code>WebConfig</code> concerne votre application : son adresse, ses cookies, ses chemins.
set-up-configs-tip =
    Gardez les secrets hors du code source. Ceux d’une configuration n’apparaissent pas dans les journaux, car
    leur affichage de débogage est masqué.

## Lectures

set-up-read-quick-starts = Démarrages rapides
set-up-read-self-hosted = Installer votre propre Logto
