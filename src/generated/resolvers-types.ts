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
   * A whole number of up to 64 bits.
   *
   * It is a JSON number while a double holds it exactly (up to 9007199254740991 either way), and a string
   * of digits beyond that, so that no digit is ever lost.
   */
  BigInt: { input: bigint; output: bigint; }
  /**
   * A point in time in the format of RFC 3339, for example `2026-11-22T04:10:00.123456+05:30`.
   *
   * The value is checked and then handed on exactly as the vCenter wrote it: no digit of the fraction is
   * lost and the offset stays the vCenter's own.
   */
  DateTime: { input: string; output: string; }
  _FieldSet: { input: string; output: string; }
};

/**
 * Everything that can be asked of the configured vCenters. Each request brings its own tokens, and sees what
 * those tokens may see.
 */
export type Query = {
  __typename?: 'Query';
  /**
   * The caller's own session, on one vCenter: who is logged on with the token of this request, since when
   * and from where.
   *
   * It is null, with an error, where the request has no token for that vCenter, where the vCenter does not
   * know the token, or where no API that was asked gave an answer.
   */
  currentSession?: Maybe<Session>;
  /**
   * One session by its id, the caller's own or anyone else's.
   *
   * Reading another's session takes the privilege Sessions.TerminateSession: without it the answer is null
   * with an error of code `FORBIDDEN`. An id that no session has is null.
   */
  session?: Maybe<Session>;
  /** One configured vCenter by its id. An id that is not configured is an error of code `BAD_USER_INPUT`. */
  vcenter?: Maybe<VCenter>;
  /** All configured vCenters, in the order of the settings. */
  vcenters: Array<VCenter>;
};


/**
 * Everything that can be asked of the configured vCenters. Each request brings its own tokens, and sees what
 * those tokens may see.
 */
export type QueryCurrentSessionArgs = {
  vcenter?: InputMaybe<Scalars['ID']['input']>;
};


/**
 * Everything that can be asked of the configured vCenters. Each request brings its own tokens, and sees what
 * those tokens may see.
 */
export type QuerySessionArgs = {
  id: Scalars['ID']['input'];
};


/**
 * Everything that can be asked of the configured vCenters. Each request brings its own tokens, and sees what
 * those tokens may see.
 */
export type QueryVcenterArgs = {
  id: Scalars['ID']['input'];
};

/**
 * A session of someone who is logged on to a vCenter.
 *
 * Two APIs of the vCenter know about it. vim25 (`SessionManager.currentSession`, a `UserSession`) tells most
 * fields, vAPI (`GET /api/session`, a `Session_Info`) tells three of them. Only the API that a selected field
 * needs is asked, and where one of the two fails only its own fields are null, each with that API's error.
 */
export type Session = {
  __typename?: 'Session';
  /** How many API calls the session has made since it started. From vim25 (`callCount`). */
  callCount?: Maybe<Scalars['BigInt']['output']>;
  /** When the session was created. From vAPI (`created_time`): on another's session it is null. */
  createdTime?: Maybe<Scalars['DateTime']['output']>;
  /** Whether the session belongs to an extension of the vCenter. From vim25 (`extensionSession`). */
  extensionSession?: Maybe<Scalars['Boolean']['output']>;
  /** The full name of the user, if available. From vim25 (`fullName`). */
  fullName?: Maybe<Scalars['String']['output']>;
  /**
   * The id of the session in the whole supergraph: `<vCenter id>:<session key>`. From vim25
   * (`UserSession.key`), so selecting it asks vim25.
   */
  id: Scalars['ID']['output'];
  /**
   * Where the client is: an IP address or the name of a pipe, depending on how the client is bound. From
   * vim25 (`ipAddress`).
   */
  ipAddress?: Maybe<Scalars['String']['output']>;
  /**
   * The session's key, the name that vim25 has for it. It is unique on its vCenter. It is not the token.
   * From vim25 (`key`).
   */
  key?: Maybe<Scalars['String']['output']>;
  /**
   * When the session's token was last used to call an API. From vAPI (`last_accessed_time`): on another's
   * session it is null. Reading it may itself move this time, and so keep the session alive.
   */
  lastAccessedTime?: Maybe<Scalars['DateTime']['output']>;
  /** When the user last executed a command. From vim25 (`lastActiveTime`). */
  lastActiveTime?: Maybe<Scalars['DateTime']['output']>;
  /**
   * The locale that the session formats data with and prefers for messages, for example `en`. From vim25
   * (`locale`).
   */
  locale?: Maybe<Scalars['String']['output']>;
  /** When the user last logged on to the vCenter. From vim25 (`loginTime`). */
  loginTime?: Maybe<Scalars['DateTime']['output']>;
  /**
   * The locale that the session's messages are in. The vCenter chooses it where it has no messages in
   * `locale`. From vim25 (`messageLocale`).
   */
  messageLocale?: Maybe<Scalars['String']['output']>;
  /**
   * The fully qualified name of the user that created the session, for example `Administrator@vsphere.local`.
   * From vAPI (`user`). vAPI speaks of the caller alone: on another's session it is null.
   */
  user?: Maybe<Scalars['String']['output']>;
  /** The name of the user agent or application. From vim25 (`userAgent`). */
  userAgent?: Maybe<Scalars['String']['output']>;
  /**
   * The user name that the session represents, for example `VSPHERE.LOCAL\\Administrator`: the spelling that
   * vim25 has for what vAPI calls `user`. From vim25 (`userName`).
   */
  userName?: Maybe<Scalars['String']['output']>;
  /**
   * The vCenter that the session is on. It needs neither API; where it alone is selected, vim25 is asked whether
   * there is a session.
   */
  vcenter: VCenter;
};

/** A vCenter that this subgraph is configured for. */
export type VCenter = {
  __typename?: 'VCenter';
  /**
   * The caller's own session on this vCenter.
   *
   * It is null, with an error, where the request has no token for this vCenter, where the vCenter does not
   * know the token, or where no API that was asked gave an answer.
   */
  currentSession?: Maybe<Session>;
  /** The vCenter's id in the settings of this subgraph, for example `default`. */
  id: Scalars['ID']['output'];
  /**
   * The sessions of everyone who is logged on to this vCenter, from vim25 (`SessionManager.sessionList`).
   *
   * It takes the privilege Sessions.TerminateSession: without it the answer is null with an error of code
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

