/** The privilege that `sessionList` requires. */
export const terminateSession = 'Sessions.TerminateSession';

/** A user of the simulated vCenter. */
export interface SimulatedUser {
  /** The name to log in with: `jdoe@corp.example.com`, `CORP\jdoe`, or without a domain for the SSO domain. */
  name: string;
  /** Default: `demo`. */
  password?: string;
  /** `fullName` in vim25. Default: the name without its domain, then the domain. */
  fullName?: string;
  /** `user` in vAPI. Default: derived from `name`, such as `jdoe@corp.example.com`. */
  user?: string;
  /** `userName` in vim25. Default: derived from `name`, such as `CORP\jdoe`. */
  userName?: string;
  /** Default: `Sessions.TerminateSession` for the SSO domain's administrator, none for other users. */
  privileges?: readonly string[];
}

/** The user of a session, in the spellings of both APIs. */
export interface Principal {
  readonly user: string;
  readonly userName: string;
  readonly fullName: string;
  readonly privileges: ReadonlySet<string>;
}

/** The default password. */
const demoPassword = 'demo';

/** The users who may log in. */
export class Users {
  readonly #ssoDomain: string;
  readonly #acceptAnyUser: boolean;
  readonly #configured = new Map<string, { password: string; principal: Principal }>();

  constructor(options: {
    ssoDomain: string;
    users: readonly SimulatedUser[];
    acceptAnyUser: boolean;
  }) {
    this.#ssoDomain = options.ssoDomain;
    this.#acceptAnyUser = options.acceptAnyUser;
    for (const user of options.users) {
      const entry = { password: user.password ?? demoPassword, principal: this.#build(user) };
      for (const name of [user.name, user.user, user.userName]) {
        if (name !== undefined) this.#configured.set(this.#normalize(name), entry);
      }
    }
  }

  /** The user with this name and password; undefined where they do not match. */
  authenticate(name: string, password: string): Principal | undefined {
    const configured = this.#configured.get(this.#normalize(name));
    if (configured !== undefined)
      return configured.password === password ? configured.principal : undefined;
    if (!this.#acceptAnyUser || name === '' || password !== demoPassword) return undefined;
    return this.#build({ name });
  }

  /** The user with this name, configured or not: for sessions without a login. */
  principal(name: string): Principal {
    return this.#configured.get(this.#normalize(name))?.principal ?? this.#build({ name });
  }

  /** The SSO domain's administrator, who has the session of the token `demo`. */
  administrator(): Principal {
    return this.principal(`Administrator@${this.#ssoDomain}`);
  }

  #build(given: SimulatedUser): Principal {
    const { name, domain } = this.#split(given.name);
    const isSso = domain.toLowerCase() === this.#ssoDomain.toLowerCase();
    const isAdministrator = isSso && name.toLowerCase() === 'administrator';
    const spelled = isAdministrator ? 'Administrator' : name;
    // The short name of an Active Directory domain is usually its first label.
    const shortDomain = isSso ? this.#ssoDomain : (domain.split('.', 1)[0] ?? domain);
    return {
      user: given.user ?? `${spelled}@${isSso ? this.#ssoDomain : domain}`,
      userName: given.userName ?? `${shortDomain.toUpperCase()}\\${spelled}`,
      fullName: given.fullName ?? `${spelled} ${isSso ? this.#ssoDomain : domain}`,
      privileges: new Set(given.privileges ?? (isAdministrator ? [terminateSession] : [])),
    };
  }

  #split(name: string): { name: string; domain: string } {
    const slash = name.indexOf('\\');
    if (slash >= 0) return { name: name.slice(slash + 1), domain: name.slice(0, slash) };
    const at = name.lastIndexOf('@');
    if (at >= 0) return { name: name.slice(0, at), domain: name.slice(at + 1) };
    return { name, domain: this.#ssoDomain };
  }

  #normalize(name: string): string {
    const parts = this.#split(name);
    return `${parts.name}@${parts.domain}`.toLowerCase();
  }
}
