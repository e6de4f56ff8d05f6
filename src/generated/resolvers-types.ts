import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { SessionSource } from '../loaders/merge-session.ts';
import type { VCenter as ConfiguredVCenter } from '../vcenter/vcenter.ts';
import type { Context } from '../resolvers/context.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /**
   * A signed integer of up to 64 bits.
   *
   * It is a JSON number from -9007199254740991 to 9007199254740991, and a string of digits beyond, so that no digit
   * is lost.
   */
  BigInt: { input: bigint; output: bigint; }
  /**
   * A date and time in the format of RFC 3339, for example `2026-11-22T04:10:00.123456+05:30`.
   *
   * The value is validated and returned exactly as the vCenter wrote it, with every digit of the fraction and the
   * vCenter's own offset.
   */
  DateTime: { input: string; output: string; }
  _FieldSet: { input: string; output: string; }
};

/** The queries on the configured vCenters. Each request carries its own tokens, and reads what those tokens permit. */
export type Query = {
  __typename?: 'Query';
  /**
   * The session of the request's own token on one vCenter: the user, the time of login and the client.
   *
   * It is null, with an error, if the request has no token for that vCenter, if the vCenter does not accept the
   * token, or if every API that was called failed.
   */
  currentSession?: Maybe<Session>;
  /**
   * A session by its id: that of the request's own token, or another user's.
   *
   * Another session requires the privilege Sessions.TerminateSession: without it the field is null, with an error
   * of code `FORBIDDEN`. An id without a session is null.
   */
  session?: Maybe<Session>;
  /** A configured vCenter by its id. An id that is not configured is an error of code `BAD_USER_INPUT`. */
  vcenter?: Maybe<VCenter>;
  /** All configured vCenters, in the order of the configuration. */
  vcenters: Array<VCenter>;
};


/** The queries on the configured vCenters. Each request carries its own tokens, and reads what those tokens permit. */
export type QueryCurrentSessionArgs = {
  vcenter?: InputMaybe<Scalars['ID']['input']>;
};


/** The queries on the configured vCenters. Each request carries its own tokens, and reads what those tokens permit. */
export type QuerySessionArgs = {
  id: Scalars['ID']['input'];
};


/** The queries on the configured vCenters. Each request carries its own tokens, and reads what those tokens permit. */
export type QueryVcenterArgs = {
  id: Scalars['ID']['input'];
};

/**
 * A session of a user on a vCenter.
 *
 * It has the properties of two APIs of the vCenter: most fields are from vim25 (`SessionManager.currentSession`, a
 * `UserSession`), three are from vAPI (`GET /api/session`, a `Session_Info`). An API is called only if a selected
 * field needs it. If one of the two fails, only its own fields are null, each with that API's error.
 */
export type Session = {
  __typename?: 'Session';
  /** The number of API calls since the session started. From vim25 (`callCount`). */
  callCount?: Maybe<Scalars['BigInt']['output']>;
  /**
   * The time at which the session was created. From vAPI (`created_time`): null, without an error, for any session
   * but the request's own.
   */
  createdTime?: Maybe<Scalars['DateTime']['output']>;
  /** Whether the session belongs to an extension of the vCenter. From vim25 (`extensionSession`). */
  extensionSession?: Maybe<Scalars['Boolean']['output']>;
  /** The full name of the user, if available. From vim25 (`fullName`). */
  fullName?: Maybe<Scalars['String']['output']>;
  /**
   * The id of the session in the supergraph: `<vCenter id>:<session key>`. From vim25 (`UserSession.key`), so
   * selecting it calls vim25.
   */
  id: Scalars['ID']['output'];
  /** The address of the client: an IP address or the name of a pipe. From vim25 (`ipAddress`). */
  ipAddress?: Maybe<Scalars['String']['output']>;
  /** The key of the session, which is unique on its vCenter. It is not the token. From vim25 (`key`). */
  key?: Maybe<Scalars['String']['output']>;
  /**
   * The time at which the session's token was last used to call an API. From vAPI (`last_accessed_time`): null,
   * without an error, for any session but the request's own. Reading it may move this time and keep the session
   * alive.
   */
  lastAccessedTime?: Maybe<Scalars['DateTime']['output']>;
  /** The time of the user's last operation. From vim25 (`lastActiveTime`). */
  lastActiveTime?: Maybe<Scalars['DateTime']['output']>;
  /** The locale in which the session formats data and prefers messages, for example `en`. From vim25 (`locale`). */
  locale?: Maybe<Scalars['String']['output']>;
  /** The time at which the user logged in. From vim25 (`loginTime`). */
  loginTime?: Maybe<Scalars['DateTime']['output']>;
  /**
   * The locale of the session's messages. It differs from `locale` if the vCenter has no messages in that locale.
   * From vim25 (`messageLocale`).
   */
  messageLocale?: Maybe<Scalars['String']['output']>;
  /**
   * The fully qualified name of the user that created the session, for example `Administrator@vsphere.local`.
   * From vAPI (`user`). vAPI returns only the session of the request's own token: for any other session the field
   * is null, without an error.
   */
  user?: Maybe<Scalars['String']['output']>;
  /** The name of the user agent or application. From vim25 (`userAgent`). */
  userAgent?: Maybe<Scalars['String']['output']>;
  /**
   * The user name of the session, for example `VSPHERE.LOCAL\\Administrator`: another spelling of `user`. From
   * vim25 (`userName`).
   */
  userName?: Maybe<Scalars['String']['output']>;
  /**
   * The vCenter of the session. It needs neither API; if no other field is selected, vim25 is called to find out
   * whether there is a session.
   */
  vcenter: VCenter;
};

/** A vCenter in the configuration of this subgraph. */
export type VCenter = {
  __typename?: 'VCenter';
  /**
   * The session of the request's own token on this vCenter.
   *
   * It is null, with an error, if the request has no token for this vCenter, if the vCenter does not accept the
   * token, or if every API that was called failed.
   */
  currentSession?: Maybe<Session>;
  /** The id of the vCenter in the configuration of this subgraph, for example `default`. */
  id: Scalars['ID']['output'];
  /**
   * The sessions of all users of this vCenter. From vim25 (`SessionManager.sessionList`).
   *
   * It requires the privilege Sessions.TerminateSession: without it the field is null, with an error of code
   * `FORBIDDEN`.
   */
  sessions?: Maybe<Array<Session>>;
};



export type ResolverTypeWrapper<T> = Promise<T> | T;

export type ReferenceResolver<TResult, TReference, TContext> = (
      reference: TReference,
      context: TContext,
      info: GraphQLResolveInfo
    ) => Promise<TResult> | TResult;

      type ScalarCheck<T, S> = S extends true ? T : NullableCheck<T, S>;
      type NullableCheck<T, S> = Maybe<T> extends T ? Maybe<ListCheck<NonNullable<T>, S>> : ListCheck<T, S>;
      type ListCheck<T, S> = T extends (infer U)[] ? NullableCheck<U, S>[] : GraphQLRecursivePick<T, S>;
      export type GraphQLRecursivePick<T, S> = { [K in keyof T & keyof S]: ScalarCheck<T[K], S[K]> };
    

export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

/** Mapping of federation types */
export type FederationTypes = {
  Session: Session;
  VCenter: VCenter;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Session:
    ( { __typename: 'Session' }
    & GraphQLRecursivePick<FederationTypes['Session'], {"id":true}> );
  VCenter:
    ( { __typename: 'VCenter' }
    & GraphQLRecursivePick<FederationTypes['VCenter'], {"id":true}> );
};



/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  BigInt: ResolverTypeWrapper<Scalars['BigInt']['output']>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Session: ResolverTypeWrapper<SessionSource>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  VCenter: ResolverTypeWrapper<ConfiguredVCenter>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  BigInt: Scalars['BigInt']['output'];
  DateTime: Scalars['DateTime']['output'];
  Query: Record<PropertyKey, never>;
  ID: Scalars['ID']['output'];
  Session: SessionSource;
  Boolean: Scalars['Boolean']['output'];
  String: Scalars['String']['output'];
  VCenter: ConfiguredVCenter;
};

export interface BigIntScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['BigInt'], any> {
  name: 'BigInt';
}

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  currentSession?: Resolver<Maybe<ResolversTypes['Session']>, ParentType, ContextType, Partial<QueryCurrentSessionArgs>>;
  session?: Resolver<Maybe<ResolversTypes['Session']>, ParentType, ContextType, RequireFields<QuerySessionArgs, 'id'>>;
  vcenter?: Resolver<Maybe<ResolversTypes['VCenter']>, ParentType, ContextType, RequireFields<QueryVcenterArgs, 'id'>>;
  vcenters?: Resolver<Array<ResolversTypes['VCenter']>, ParentType, ContextType>;
};

export type SessionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Session'] = ResolversParentTypes['Session'], FederationReferenceType extends FederationReferenceTypes['Session'] = FederationReferenceTypes['Session']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Session']> | FederationReferenceType, FederationReferenceType, ContextType>;
  callCount?: Resolver<Maybe<ResolversTypes['BigInt']>, ParentType, ContextType>;
  createdTime?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  extensionSession?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  fullName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  ipAddress?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  key?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  lastAccessedTime?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  lastActiveTime?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  locale?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  loginTime?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  messageLocale?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  userAgent?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  userName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  vcenter?: Resolver<ResolversTypes['VCenter'], ParentType, ContextType>;
};

export type VCenterResolvers<ContextType = Context, ParentType extends ResolversParentTypes['VCenter'] = ResolversParentTypes['VCenter'], FederationReferenceType extends FederationReferenceTypes['VCenter'] = FederationReferenceTypes['VCenter']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['VCenter']> | FederationReferenceType, FederationReferenceType, ContextType>;
  currentSession?: Resolver<Maybe<ResolversTypes['Session']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  sessions?: Resolver<Maybe<Array<ResolversTypes['Session']>>, ParentType, ContextType>;
};

export type Resolvers<ContextType = Context> = {
  BigInt?: GraphQLScalarType;
  DateTime?: GraphQLScalarType;
  Query?: QueryResolvers<ContextType>;
  Session?: SessionResolvers<ContextType>;
  VCenter?: VCenterResolvers<ContextType>;
};

