"""Who passes on what others wrote: ticket systems, shops, portals and lists, by their registrable domains."""

# Mail from these carries somebody else's words; their domain says nothing about whose.
RELAYS: frozenset[str] = frozenset(
    """
    zendesk.com freshdesk.com freshservice.com helpscout.net helpscoutapp.com intercom-mail.com intercom.io
    front-mail.com gorgias.com gorgias.io groovehq.com kayako.com zohodesk.com zohodesk.eu zammad.com hubspotemail.net
    hubspot.com salesforce.com atlassian.net jira.com service-now.com userlike.com userlike-mail.com crisp.email
    crisp.chat tidio.net livechatinc.com teamviewer.com monday.com asana.com trello.com basecamp.com ebay.de ebay.com
    ebay.at ebay.ch ebay.co.uk ebay-kleinanzeigen.de kleinanzeigen.de amazon.de amazon.com amazon.co.uk amazon.fr
    amazon.it etsy.com willhaben.at ricardo.ch tutti.ch anibis.ch hood.de kaufland.de kaufland-marktplatz.de otto.de
    mercateo.com unite.eu wlw.de visable.com europages.com alibaba.com real.de check24.de idealo.de shpock.com
    vinted.de quoka.de markt.de immobilienscout24.de immowelt.de immonet.de immobilienscout24.at homegate.ch
    immoscout24.ch mobile.de autoscout24.de autoscout24.com booking.com airbnb.com hrs.de expedia.com fewo-direkt.de
    holidaycheck.de myhammer.de my-hammer.de aroundhome.de blauarbeit.de dein-handwerker.de renovero.ch ofri.ch
    trustpilot.com trustedshops.com provenexpert.com jameda.de doctolib.de doctolib.com linkedin.com xing.com
    facebookmail.com indeed.com indeedemail.com stepstone.de calendly.com typeform.com jotform.com formspree.io
    wufoo.com googlegroups.com groups.io yahoogroups.com paypal.com paypal.de stripe.com klarna.com wetransfer.com
    docusign.net dropbox.com sharepointonline.com squarespace.com wix.com jimdo.com shopify.com shopifyemail.com
    mailchimpapp.net
    """.split()
)

# Local parts that no person writes from.
MACHINES = (
    r"(?:no|do-?not|not|nicht)[._-]?(?:reply|antworten|replay|answer)\S{0,20}|noreply\S{0,20}|notif\w{0,15}|mailer\w{0,10}"
    r"|automat\w{0,6}|system|robot|bot|wordpress|www-data|apache|nobody|root|daemon|web-?form\w{0,6}|formular\w{0,8}"
    r"|kontaktformular|contact-?form|ticket\w{0,6}|service-?desk|jira|otrs|zammad|messages?|messenger|postman|relay"
    r"|reply|reply[+-]\S{1,60}|alerts?|forms?|marketplace|marktplatz|avis\w{0,10}|fax\w{0,12}|voice\w{0,10}"
    r"|anruf\w{0,16}|telefonanlage|pbx"
)
# Local parts that a firm's people use as well as its programs.
SHARED = (
    r"support|help-?desk|desk|website|web|homepage|internet|shop|portal|zahlung\w{0,10}|payments?|invoices?|info-?mail"
)
