import Negotiator from 'negotiator';

/** The languages beside English that the simulated vCenter has messages in. */
export type Language = 'de' | 'fr' | 'ja';

interface Message {
  /** The message's `id` in vAPI and its `key` in vim25. */
  readonly id: string;
  readonly en: string;
  readonly de: string;
  readonly fr: string;
  readonly ja: string;
}

/** The messages of the operations' own errors. */
export const messages = {
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
export type MessageName = keyof typeof messages;

const languages: readonly Language[] = ['de', 'fr', 'ja'];

/** The message in a language; English where none is given. */
export function messageText(name: MessageName, language: Language | undefined): string {
  return messages[name][language ?? 'en'];
}

/** The language of a locale such as `de_DE`; undefined where there are no messages in it. */
export function supportedLanguage(locale: string): Language | undefined {
  const name = locale.split(/[-_]/, 1)[0]?.toLowerCase();
  return languages.find((language) => language === name);
}

/** The language that an `Accept-Language` header prefers. Undefined for English, and where it has none of them. */
export function preferredLanguage(header: string | undefined): Language | undefined {
  if (header === undefined) return undefined;
  const negotiator = new Negotiator({ headers: { 'accept-language': header } });
  return supportedLanguage(negotiator.language(['en', ...languages]) ?? '');
}
