/**
 * What the fields of a kind are: types, how lists and maps merge, defaults. One model serves field validation, strategic
 * merge patch, server-side apply and the OpenAPI documents.
 */
@NullMarked
package io.ruori.core.schema;

import org.jspecify.annotations.NullMarked;
