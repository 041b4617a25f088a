/** What the core says of certificates and TLS, in German; see `de-sentences.ts`. */
export const CERTIFICATES_DE: Readonly<Record<string, string>> = {
  '{host} showed a certificate other than the pinned one: {certificate}.':
    '{host} hat ein anderes Zertifikat als das angeheftete gezeigt: {certificate}.',
  'If authentik’s certificate was renewed, pin the new fingerprint; if not, someone may be listening in.':
    'Wenn das Zertifikat von authentik erneuert wurde, heften Sie den neuen Fingerabdruck an; wenn nicht, hört vielleicht jemand mit.',
  '{host} showed a certificate that is made for {names}.':
    '{host} hat ein Zertifikat gezeigt, das für {names} gilt.',
  'Use one of its names in AUTHENTIK_HOST, or get a certificate for {host}.':
    'Nehmen Sie einen seiner Namen in AUTHENTIK_HOST, oder besorgen Sie ein Zertifikat für {host}.',
  'The certificate of {host} expired on {day} ({certificate}).':
    'Das Zertifikat von {host} ist am {day} abgelaufen ({certificate}).',
  'Renew it on the server; if it was renewed, check this host’s clock.':
    'Erneuern Sie es auf dem Server; wenn es erneuert wurde, prüfen Sie die Uhr dieses Rechners.',
  'The certificate of {host} is not valid before {day} ({certificate}).':
    'Das Zertifikat von {host} gilt erst ab dem {day} ({certificate}).',
  'Check the clocks of this host and of the server.': 'Prüfen Sie die Uhren dieses Rechners und des Servers.',
  'The certificate of {host} is self-signed, so nobody vouches for it ({certificate}).':
    'Das Zertifikat von {host} hat sich selbst signiert, niemand steht dafür ein ({certificate}).',
  'Compare this fingerprint with the one on the server and pin it, or name its CA file.':
    'Vergleichen Sie diesen Fingerabdruck mit dem auf dem Server, und heften Sie ihn an, oder nennen Sie die CA-Datei.',
  'The certificate of {host} comes from an authority that this host does not know: {issuer} ({certificate}).':
    'Das Zertifikat von {host} kommt von einer Zertifizierungsstelle, die dieser Rechner nicht kennt: {issuer} ({certificate}).',
  'Name the authority’s CA file (SALLYPORT_CA_FILE), or pin the fingerprint.':
    'Nennen Sie die CA-Datei der Zertifizierungsstelle (SALLYPORT_CA_FILE), oder heften Sie den Fingerabdruck an.',
  'The certificate of {host} is signed by {issuer}, whose certificate is missing ({certificate}).':
    'Das Zertifikat von {host} hat {issuer} signiert, deren Zertifikat fehlt ({certificate}).',
  'The server may not send its whole chain: mend that, or name the authority’s CA file (SALLYPORT_CA_FILE).':
    'Der Server sendet vielleicht nicht die ganze Kette: Beheben Sie das, oder nennen Sie die CA-Datei der Zertifizierungsstelle (SALLYPORT_CA_FILE).',
  'TLS verification is switched off: anyone on the way can read the token and every session.':
    'Die Prüfung von TLS ist ausgeschaltet: Wer unterwegs mithört, liest das Token und jede Sitzung.',
  'Name authentik’s CA file or pin its certificate’s fingerprint instead of AUTHENTIK_INSECURE.':
    'Nennen Sie die CA-Datei von authentik, oder heften Sie den Fingerabdruck seines Zertifikats an, statt AUTHENTIK_INSECURE.',
  '{what} is reached without TLS: anyone on the way can read the token and every session.':
    '{what} wird ohne TLS erreicht: Wer unterwegs mithört, liest das Token und jede Sitzung.',
  'Serve authentik over https:// and change AUTHENTIK_HOST.':
    'Stellen Sie authentik über https:// bereit, und ändern Sie AUTHENTIK_HOST.',
  '{what} does not speak TLS on this port.': '{what} spricht an diesem Port kein TLS.',
  'Check the port; if authentik is served without TLS there, the address begins with http://.':
    'Prüfen Sie den Port; wenn authentik dort ohne TLS bereitsteht, beginnt die Adresse mit http://.',
  '{what} closed the connection during the TLS handshake.':
    '{what} hat die Verbindung während des TLS-Handshakes geschlossen.',
  'Check the port, and that nothing on the way cuts TLS connections.':
    'Prüfen Sie den Port, und ob unterwegs etwas TLS-Verbindungen abbricht.',
};
