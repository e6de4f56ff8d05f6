/** Languages other than English that the simulated vCenter has messages in. */
export type Language = 'de' | 'fr' | 'ja';

interface Message {
  /** What vAPI calls the message's id. */
  readonly id: string;
  readonly en: string;
  readonly de: string;
  readonly fr: string;
  readonly ja: string;
}

/** The messages that a caller meets without ordering any. */
export const MESSAGES = {
  authenticationRequired: {
    id: 'com.vmware.vapi.endpoint.method.authentication.required',
    en: 'Authentication required.',
    de: 'Authentifizierung erforderlich.',
    fr: 'Authentification requise.',
    ja: '認証が必要です。',
  },
  authenticationInvalid: {
    id: 'vapi.security.authentication.invalid',
    en: 'Unable to authenticate user',
    de: 'Benutzer kann nicht authentifiziert werden',
    fr: "Impossible d'authentifier l'utilisateur",
    ja: 'ユーザーを認証できません',
  },
  notFound: {
    id: 'com.vmware.vapi.rest.httpNotFound',
    en: 'Not found.',
    de: 'Nicht gefunden.',
    fr: 'Introuvable.',
    ja: '見つかりません。',
  },
  methodNotAllowed: {
    id: 'com.vmware.vapi.rest.httpMethodNotAllowed',
    en: 'Method not allowed.',
    de: 'Methode nicht zulässig.',
    fr: 'Méthode non autorisée.',
    ja: 'メソッドは許可されていません。',
  },
  invalidBody: {
    id: 'com.vmware.vapi.rest.badRequestBody',
    en: 'The request body is invalid.',
    de: 'Der Text der Anforderung ist ungültig.',
    fr: 'Le corps de la demande est invalide.',
    ja: '要求の本文が無効です。',
  },
  serviceUnavailable: {
    id: 'com.vmware.vapi.endpoint.session.limit',
    en: 'The service is temporarily unavailable: too many sessions.',
    de: 'Der Dienst ist vorübergehend nicht verfügbar: zu viele Sitzungen.',
    fr: 'Le service est temporairement indisponible : trop de sessions.',
    ja: 'サービスは一時的に利用できません: セッションが多すぎます。',
  },
  notAuthenticated: {
    id: 'vim25.NotAuthenticated',
    en: 'The session is not authenticated.',
    de: 'Die Sitzung ist nicht authentifiziert.',
    fr: "La session n'est pas authentifiée.",
    ja: 'セッションは認証されていません。',
  },
  noPermission: {
    id: 'vim25.NoPermission',
    en: 'Permission to perform this operation was denied.',
    de: 'Die Berechtigung zum Ausführen dieses Vorgangs wurde verweigert.',
    fr: "L'autorisation d'effectuer cette opération a été refusée.",
    ja: 'この操作を実行する権限がありません。',
  },
  invalidLogin: {
    id: 'vim25.InvalidLogin',
    en: 'Cannot complete login due to an incorrect user name or password.',
    de: 'Die Anmeldung ist wegen eines falschen Benutzernamens oder Kennworts nicht möglich.',
    fr: "Impossible d'ouvrir une session : nom d'utilisateur ou mot de passe incorrect.",
    ja: 'ユーザー名またはパスワードが正しくないため、ログインを完了できません。',
  },
  managedObjectNotFound: {
    id: 'vim25.ManagedObjectNotFound',
    en: 'The object has already been deleted or has not been completely created.',
    de: 'Das Objekt wurde bereits gelöscht oder nicht vollständig erstellt.',
    fr: "L'objet a déjà été supprimé ou n'a pas été complètement créé.",
    ja: 'オブジェクトはすでに削除されているか、完全には作成されていません。',
  },
} as const satisfies Record<string, Message>;

/** The name of one of these messages. */
export type MessageName = keyof typeof MESSAGES;

const LANGUAGES: ReadonlySet<string> = new Set(['de', 'fr', 'ja']);

/** The message in a language; English where none is given. */
export function messageText(name: MessageName, language: Language | undefined): string {
  return MESSAGES[name][language ?? 'en'];
}

/** The name of a language that messages exist in, from a locale such as `de_DE`; undefined for any other. */
export function supportedLanguage(locale: string): Language | undefined {
  const name = locale.split(/[-_]/, 1)[0]?.toLowerCase() ?? '';
  return isLanguage(name) ? name : undefined;
}

function isLanguage(name: string): name is Language {
  return LANGUAGES.has(name);
}

/**
 * The language to translate messages into, from an `Accept-Language` header: the one preferred most among
 * those known. Undefined where English comes first or no known one is asked for.
 */
export function preferredLanguage(header: string | undefined): Language | undefined {
  if (header === undefined) return undefined;
  let best: { language: Language | undefined; weight: number } = { language: undefined, weight: 0 };
  for (const part of header.split(',')) {
    const [tag = '', ...parameters] = part.split(';').map((piece) => piece.trim());
    const language = supportedLanguage(tag);
    if (language === undefined && !/^en\b/i.test(tag)) continue;
    const quality = parameters.find((parameter) => parameter.startsWith('q='));
    const weight = quality === undefined ? 1 : Number(quality.slice(2));
    if (weight > best.weight) best = { language, weight };
  }
  return best.language;
}
