/**
 * What every reader sees: an immutable snapshot of all objects at one revision, its indexes, and the window of recent
 * changes that watches resume from.
 *
 * <p>A write's way: {@link io.ruori.view.Revisions} issues its revision and holds it as in flight; the journal makes the event
 * durable and hands it to {@link io.ruori.view.OwnCommits}, which feeds {@link io.ruori.view.ObjectIndex} and settles the
 * revision; that moves the closed revision, and the index applies everything up to it, publishes a view, tells its listeners
 * (among them {@link io.ruori.view.Watches}) and serves whoever waits for the revision.
 *
 * <p>Memory, per object: its JSON and {@code StoredObject} header (some 300 bytes beside the JSON: key, uid, labels, owners,
 * field values), 11 bytes of references in its kind's table, and per index (one for every owner reference, one for every
 * indexed field) 11 bytes of references and an entry key of 24. A Pod of 3 KB with one owner, indexed by node, thus costs
 * about 3.4 KB, of which the indexes are 80 bytes; 100,000 of them 340 MB. A window holds on to the states its changes replaced
 * and to the encodings its watchers asked for, up to 128 MB a kind; an Event made of a note is about 500 bytes until somebody
 * reads it.
 */
@NullMarked
package io.ruori.view;

import org.jspecify.annotations.NullMarked;
