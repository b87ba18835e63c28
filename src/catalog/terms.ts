/** Words that tell what a search was after, and strings that are keys: intruders look for passwords and payroll first. */

/** What people seldom search for at work, and intruders always: in English and the languages most offices here speak. */
const SENSITIVE =
  /\b(?:pass(?:word|wort|code|phrase)s?|passwd|contrase(?:ñ|n)as?|mots? de passe|credentials?|zugangsdaten|api[ _-]?keys?|private[ _-]?keys?|secret[ _-]?(?:key|token)s?|access[ _-]?tokens?|client[ _-]?secrets?|ssh[ _-]?keys?|vpn|2fa|mfa|otp|recovery codes?|payroll|salary|salaries|gehalt|gehälter|wire transfers?|bank details|iban|routing numbers?|invoices?|ssn|social security|passports?|confidential|vertraulich|merger|acquisition|layoffs?|id_rsa|\.pem|\.kdbx|aws_secret|bearer)\b/i;

/** Keys whose makers gave them a recognisable form. */
const KEYS =
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_[A-Za-z0-9_]{30,}|\bxox[abeoprs]-[A-Za-z0-9-]{10,}|\bsk-[A-Za-z0-9_-]{20,}|\bAIza[A-Za-z0-9_-]{30,}|\bglpat-[A-Za-z0-9_-]{20,}|-----BEGIN [A-Z ]*PRIVATE KEY/;

/** Names of data-loss rules that look for keys and passwords. */
const KEY_RULES =
  /credential|password|passwort|secret|api[ _-]?key|private[ _-]?key|access[ _-]?token|auth[ _-]?token/i;

/** Whether a search asks for passwords, keys, pay, or what is confidential. */
export function isSensitiveSearch(query: string | null): boolean {
  return query !== null && (SENSITIVE.test(query) || KEYS.test(query));
}

/** Whether a text holds a key. */
export function holdsKey(text: string | null): boolean {
  return text !== null && KEYS.test(text);
}

/** Whether a data-loss rule of this name looks for keys and passwords. */
export function isKeyRule(name: string | null): boolean {
  return name !== null && KEY_RULES.test(name);
}
