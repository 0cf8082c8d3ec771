sign-in = Anmelden
sign-out = Abmelden
try-again = Erneut versuchen
home-page = Zur Startseite
code = Code: { $code }
redirect-uri = Redirect-URI: { $uri }

account-menu = Kontomenü
manage-account = Konto verwalten
organizations = Organisationen
personal-account = Privates Konto

confirm-sign-in = Drücken Sie die Schaltfläche, um zur Anmeldeseite zu gelangen.
confirm-sign-out = Drücken Sie die Schaltfläche, um sich abzumelden.
another-user = Sie sind als { $user } angemeldet, aber der Link ist für { $email }. Hier hat sich nichts geändert. Um den Link zu nutzen, melden Sie sich ab und öffnen Sie ihn noch einmal.

unavailable = Vorübergehend nicht verfügbar
    .advice = Ihre Sitzung kann im Moment nicht gelesen oder gespeichert werden. Nichts ist verloren: Versuchen Sie es in einigen Sekunden erneut.

retry-in-a-second = Versuchen Sie es in einer Sekunde erneut.
retry-in-seconds = Versuchen Sie es in { $count } Sekunden erneut.
retry-in-minutes = Versuchen Sie es in { $count ->
        [one] einer Minute
       *[other] { $count } Minuten
    } erneut.
retry-in-hours = Versuchen Sie es in { $count ->
        [one] einer Stunde
       *[other] { $count } Stunden
    } erneut.

unknown-error = Die Anmeldung ist fehlgeschlagen
    .advice = Melden Sie sich erneut an. Tritt der Fehler wieder auf, informieren Sie den Betreiber dieser Website.
no-permission = Keine Berechtigung
    .advice = Ihr Konto darf das nicht. Bitten Sie den Betreiber dieser Website oder eine Administratorin der Organisation um Zugriff.
sign-in-unfinished = Die Anmeldung konnte nicht abgeschlossen werden
    .advice = Diese Website konnte Ihre Sitzung nicht einrichten. Versuchen Sie es erneut; tritt der Fehler wieder auf, informieren Sie den Betreiber dieser Website.
sign-in-refused = Die Anmeldung wurde abgelehnt
    .advice = Diese Website hat Ihr Konto nicht akzeptiert. Bitten Sie den Betreiber um Zugriff.
not-in-organization = Sie gehören nicht zu dieser Organisation
    .advice = Wählen Sie eine Ihrer Organisationen, oder bitten Sie deren Administration um Aufnahme.
no-active-organization = Keine Organisation ausgewählt
    .advice = Wählen Sie zuerst eine Ihrer Organisationen.
acting-ended = Sie handeln nicht als ein anderer Benutzer
    .advice = Sie haben es beendet, oder die Zeit ist um. Wählen Sie den Benutzer noch einmal.
acting-refused = Sie können nicht als dieser Benutzer handeln
    .advice = Wählen Sie einen anderen Benutzer. Handeln Sie bereits als jemand, beenden Sie das und wählen Sie den Benutzer noch einmal.
access-denied = Sie haben sich nicht angemeldet
    .advice = Die Anmeldung wurde abgebrochen, oder Ihr Konto darf diese App nicht benutzen. Melden Sie sich erneut an, oder bitten Sie um Zugriff.
transaction-expired = Die Anmeldung hat zu lange gedauert
    .advice = Sie wurde nicht rechtzeitig abgeschlossen. Melden Sie sich erneut an, um zur gewünschten Seite zu gelangen.
transaction-missing = Diese Anmeldung wurde nicht hier begonnen
    .advice = Sie wurde in einem anderen Browser begonnen, ist schon benutzt worden, oder ihr Cookie fehlt. Beginnen Sie in diesem Browser von vorn, und lassen Sie Cookies zu.
link-for-another-user = Der Link ist für eine andere Person
    .advice = Sie sind mit einem anderen Konto angemeldet. Hier hat sich nichts geändert. Um den Link zu nutzen, melden Sie sich ab und öffnen Sie ihn noch einmal.
unsolicited-sign-in = Die Anmeldung hat nicht hier begonnen
    .advice = Zu Ihrer Sicherheit muss eine Anmeldung auf dieser Website beginnen. Melden Sie sich hier an. Der Betreiber kann den Identitätsanbieter stattdessen die Einstiegsseite dieser Website für Single Sign-on öffnen lassen.
answer-untrusted = Die Antwort kam nicht vom Anmeldedienst
    .advice = Die Anmeldung wurde zu Ihrer Sicherheit abgebrochen. Beginnen Sie von vorn; tritt der Fehler wieder auf, informieren Sie den Betreiber dieser Website.
clocks-differ = Die Uhren stimmen nicht überein
    .advice = Die Uhren des Anmeldedienstes und dieser Website weichen voneinander ab. Der Betreiber dieser Website muss die Uhr stellen.
confirm-identity = Bitte bestätigen Sie, dass Sie es sind
    .advice = Für diese Aktion ist ein neuer Nachweis nötig. Melden Sie sich erneut an.
authentication-too-weak = Dafür ist eine stärkere Anmeldung nötig
    .advice = Die Bestätigung mit einem zweiten Faktor ist nicht gelungen, oder Ihr Konto hat keinen. Richten Sie einen in Ihrem Konto ein, und versuchen Sie es dann erneut.
app-access-denied = Sie dürfen diese App nicht mehr benutzen
    .advice = Bitten Sie den Betreiber dieser Website um Zugriff. Sobald Sie ihn haben, laden Sie die Seite neu; eine neue Anmeldung ist nicht nötig.
sign-in-ended = Die Anmeldung ist abgelaufen
    .advice = Melden Sie sich erneut an, um fortzufahren.
provider-unreachable = Der Anmeldedienst ist nicht erreichbar
    .advice = Das ist wahrscheinlich vorübergehend. Versuchen Sie es bald erneut.
provider-unexpected = Der Anmeldedienst hat unerwartet geantwortet
    .advice = Versuchen Sie es erneut. Der Betreiber dieser Website findet den Grund im Protokoll; `endpoint` sollte die Adresse eines Logto-Servers sein.
site-misconfigured = Diese Website ist nicht richtig eingerichtet
    .advice = Der Betreiber muss `app_id`, `app_secret`, die Redirect-URI und die Ressourcen mit der Logto-Konsole vergleichen.
account-too-large-organizations = Ihr Konto ist zu groß für diese Website
    .advice = Es hat mehr Organisationen und Rollen, als in die Cookies dieser Website passen. Der Betreiber dieser Website muss Sitzungen in einem Speicher ablegen.
account-too-large-custom-data = Ihr Konto ist zu groß für diese Website
    .advice = Es hat mehr eigene Daten, als in die Cookies dieser Website passen. Der Betreiber dieser Website muss Sitzungen in einem Speicher ablegen.
account-too-large-both = Ihr Konto ist zu groß für diese Website
    .advice = Es hat mehr Organisationen, Rollen und eigene Daten, als in die Cookies dieser Website passen. Der Betreiber dieser Website muss Sitzungen in einem Speicher ablegen.
account-too-large = Ihr Konto ist zu groß für diese Website
    .advice = Sein Profil passt nicht in die Cookies dieser Website. Der Betreiber dieser Website muss Sitzungen in einem Speicher ablegen.
redirect-uri-not-registered = Der Anmeldedienst kennt diese Website noch nicht
    .advice = Der Betreiber muss die Redirect-URI dieser Website für die Anwendung in der Logto-Konsole eintragen, genau wie angegeben; sie steht auch im Protokoll.
store-unavailable = Sitzungen können im Moment nicht gelesen oder gespeichert werden
    .advice = Das ist wahrscheinlich vorübergehend. Versuchen Sie es in einigen Sekunden erneut.
account-switched-off = Ihr Konto kann hier nicht angezeigt werden
    .advice = Der Betreiber muss die Konto-API in der Logto-Konsole unter „Account center“ einschalten.
account-field-locked = Das können Sie nicht selbst ändern
    .advice = Der Betreiber dieser Website hat diesen Teil der Konten nicht freigegeben. Bitten Sie ihn um die Änderung.
account-not-here = Diese Website kann das mit Ihrem Konto nicht tun
    .advice = Der Betreiber dieser Website findet den Grund im Protokoll.
account-confirm = Bitte bestätigen Sie, dass Sie es sind
    .advice = Dafür wird Ihr Passwort benötigt, eingegeben in den letzten 10 Minuten. Bitte geben Sie es ein.
account-password-wrong = Das Passwort ist falsch
    .advice = Prüfen Sie die Tastatur, und versuchen Sie es erneut.
account-code-wrong = Der Code ist falsch oder abgelaufen
    .advice = Fordern Sie einen neuen Code an, und geben Sie ihn bald ein.
account-password-rejected = Das neue Passwort ist zu schwach
    .advice = Wählen Sie ein längeres, das Sie nirgendwo sonst verwenden.
account-value-in-use = Das ist schon vergeben
    .advice = Wählen Sie einen anderen Wert.
account-too-many-attempts = Zu viele Versuche
    .advice = Warten Sie eine Weile, bevor Sie es erneut versuchen.
account-entry-gone = Das gehört nicht mehr zu Ihrem Konto
    .advice = Es ist beendet oder wurde entfernt. Laden Sie die Seite neu, um die aktuelle Liste zu sehen.
account-link-expired = Das verknüpfte Konto braucht eine neue Anmeldung
    .advice = Verknüpfen Sie es in den Einstellungen Ihres Kontos erneut.
account-values-rejected = Ihre Änderungen wurden nicht angenommen
    .advice = Prüfen Sie die Werte, und versuchen Sie es erneut.
invalid-parameter = Das Anmeldeformular enthielt einen ungültigen Wert
    .advice = Gehen Sie zur vorherigen Seite zurück, und melden Sie sich dort an.
cross-site-request = Die Anfrage kam von einer anderen Website
    .advice = Zu Ihrer Sicherheit müssen Anmeldung, Abmeldung und andere Änderungen auf dieser Website beginnen. Öffnen Sie ihre Startseite, und versuchen Sie es erneut.
server-function-by-get = Nur Seiten dieser Website dürfen diese Serverfunktion aufrufen
    .advice = Andere Websites und Links in E-Mails dürfen es nicht. Die Entwickler dieser Website können es mit `ServerFunctions::allow_get` erlauben.
body-too-large = Die Anfrage ist zu groß
    .advice = Senden Sie weniger. Die Entwickler dieser Website können die Grenze erhöhen (`ServerFunctions::with_body_limit`).
button-needed = Eine Anmeldung beginnt mit einer Schaltfläche
    .advice = Skripte und Vorabrufe können keine beginnen. Öffnen Sie die Seite, und drücken Sie die Anmeldeschaltfläche.

error-not-signed-in = Bitte melden Sie sich an, um fortzufahren.
error-sign-in-needed = Ihre Anmeldung ist abgelaufen. Bitte melden Sie sich erneut an.
error-step-up-needed = Bitte bestätigen Sie, dass Sie es sind: Melden Sie sich erneut an, um fortzufahren.
error-forbidden = Ihr Konto ist dafür nicht berechtigt.
error-access-denied = Ihr Konto darf diese App derzeit nicht benutzen.
error-unavailable = Das ist im Moment nicht verfügbar. Bitte versuchen Sie es bald erneut.
error-internal = Etwas ist schiefgegangen. Bitte versuchen Sie es später erneut.
