// An authority that nobody knows, and the certificates that it has signed: for a server on loopback, and for a client.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { md, pki } from 'node-forge';

/** The names of files in PEM. */
export interface Certificates {
  readonly ca: string;
  readonly server: string;
  readonly serverKey: string;
  readonly client: string;
  readonly clientKey: string;
}

let made: Certificates | undefined;

/** Made once in a process, and removed at its end. */
export function certificates(): Certificates {
  return (made ??= make());
}

function make(): Certificates {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'certificates-'));
  process.once('exit', () => fs.rmSync(folder, { recursive: true }));
  const write = (name: string, pem: string): string => {
    const file = path.join(folder, name);
    fs.writeFileSync(file, pem, { mode: 0o600 });
    return file;
  };
  const authority = signed('authority', [{ name: 'basicConstraints', cA: true, critical: true }]);
  const server = signed('server', [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }], authority);
  const client = signed('client', [{ name: 'extKeyUsage', clientAuth: true }], authority);
  return {
    ca: write('ca.pem', pki.certificateToPem(authority.certificate)),
    server: write('server.pem', pki.certificateToPem(server.certificate)),
    serverKey: write('server-key.pem', pki.privateKeyToPem(server.keys.privateKey)),
    client: write('client.pem', pki.certificateToPem(client.certificate)),
    clientKey: write('client-key.pem', pki.privateKeyToPem(client.keys.privateKey)),
  };
}

interface Signed {
  readonly certificate: pki.Certificate;
  readonly keys: pki.rsa.KeyPair;
}

let serial = 0;

/** @param by who signs it; itself, if nobody is named */
function signed(name: string, extensions: object[], by?: Signed): Signed {
  const keys = pki.rsa.generateKeyPair(2048);
  const certificate = pki.createCertificate();
  certificate.publicKey = keys.publicKey;
  certificate.serialNumber = `0${(serial += 1)}`;
  certificate.validity.notBefore = new Date(Date.now() - 60_000);
  certificate.validity.notAfter = new Date(Date.now() + 86_400_000);
  certificate.setSubject([{ name: 'commonName', value: name }]);
  certificate.setIssuer(by?.certificate.subject.attributes ?? [{ name: 'commonName', value: name }]);
  certificate.setExtensions(extensions);
  certificate.sign(by?.keys.privateKey ?? keys.privateKey, md.sha256.create());
  return { certificate, keys };
}
