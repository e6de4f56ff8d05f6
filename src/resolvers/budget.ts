import { badUserInput } from '../errors/bad-user-input.ts';

/** Fields that one operation may resolve: all fields of the sessions of three vCenters with 3,000 sessions each. */
export const maxFields = 150_000;

/** An operation that resolves more fields is expensive: to resolve so many takes some milliseconds. */
const manyFields = 5000;

/** Representations that one operation may resolve. */
const maxRepresentations = 5000;

/**
 * What one operation may resolve, in fields: fragments are expanded, and what is selected on an entity or on an
 * element of a list counts as often as there are representations or elements. A field that costs more than
 * reading a property counts as several, see `selection-weight.ts`. It is charged before a selection is
 * resolved, so that nothing is resolved that the budget does not hold.
 */
export class Budget {
  #charged = 0;
  #representations = 0;

  /** The fields charged so far. */
  get charged(): number {
    return this.#charged;
  }

  /** Whether the operation resolves so many fields that it is expensive: it must take its turn. */
  get resolvesManyFields(): boolean {
    return this.#charged > manyFields;
  }

  /**
   * Charges fields that are about to be resolved.
   *
   * @throws GraphQLError of code `BAD_USER_INPUT` where the budget does not hold them. Nothing is charged then.
   */
  charge(fields: number): void {
    if (this.tryCharge(fields)) return;
    throw badUserInput(
      `An operation may resolve at most ${maxFields} fields, counted for each representation and each list element, received at least ${this.#charged + fields}. Select fewer fields or fewer objects.`,
    );
  }

  /** As {@link charge}, but returns false where the budget does not hold the fields. */
  tryCharge(fields: number): boolean {
    if (this.#charged + fields > maxFields) return false;
    this.#charged += fields;
    return true;
  }

  /**
   * Counts representations, of all `_entities` fields of the operation.
   *
   * @throws GraphQLError of code `BAD_USER_INPUT` where they are more than an operation may resolve.
   */
  countRepresentations(count: number): void {
    this.#representations += count;
    if (this.#representations > maxRepresentations)
      throw badUserInput(
        `At most ${maxRepresentations} representations can be resolved at once, received ${this.#representations}.`,
      );
  }
}
