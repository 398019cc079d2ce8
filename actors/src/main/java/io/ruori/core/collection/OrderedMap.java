package io.ruori.core.collection;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map in key order: a B-tree whose nodes are copied on write. A reader keeps any version as long as it likes.
 *
 * <p>A change copies the nodes from the root to one leaf. An {@link Editor} makes many changes and copies each node it touches
 * once: a node carries the token of the editor that made it, and only that editor may change it in place. {@link Editor#done}
 * gives the token up. Entries are two slots in arrays and nothing else, about 11 bytes each at the usual fill.
 *
 * <p>Every node knows how many entries lie below it, so the size of any key range is two descents. In an inner node
 * {@code keys[i]} is a lower bound of child {@code i} (of no meaning for the first child), which need not be tight: removals
 * leave it alone. Nodes are merged with a neighbour when they get small and the two fit into one; a bound on emptiness is
 * all that is needed, so rebalancing by moving single entries is left out.
 */
public final class OrderedMap<K, V> {
    private static final int FAN_OUT = 32;
    private static final int SMALL = FAN_OUT / 4;

    /** Full nodes of at least 16 each would hold 2^31 entries in 8 levels; half of the appended ones may be small. */
    private static final int MAX_DEPTH = 16;

    private final Comparator<? super K> order;
    private final Node root;

    private OrderedMap(Comparator<? super K> order, Node root) {
        this.order = order;
        this.root = root;
    }

    private static final class Node {
        private final boolean leaf;
        private Object[] keys;
        /** Values of a leaf, children of an inner node. */
        private Object[] slots;

        private int used;
        /** Entries at and below this node. */
        private int entries;

        private final @Nullable Object owner;

        private Node(boolean leaf, int capacity, @Nullable Object owner) {
            this.leaf = leaf;
            this.keys = new Object[capacity];
            this.slots = new Object[capacity];
            this.owner = owner;
        }

        @SuppressWarnings("ReferenceEquality") // A token is only itself.
        private Node ownedBy(Object editor) {
            if (owner == editor) {
                return this;
            }
            Node copy = new Node(leaf, capacityFor(used + 1), editor);
            System.arraycopy(keys, 0, copy.keys, 0, used);
            System.arraycopy(slots, 0, copy.slots, 0, used);
            copy.used = used;
            copy.entries = entries;
            return copy;
        }

        /** Small maps are many, so their only leaf starts small. */
        private static int capacityFor(int wanted) {
            return wanted <= 4 ? 4 : wanted <= 8 ? 8 : wanted <= 16 ? 16 : FAN_OUT;
        }

        private Node child(int i) {
            return (Node) slots[i];
        }

        private void insert(int at, Object key, Object slot) {
            if (used == keys.length) {
                int capacity = capacityFor(used + 1);
                keys = Arrays.copyOf(keys, capacity);
                slots = Arrays.copyOf(slots, capacity);
            }
            System.arraycopy(keys, at, keys, at + 1, used - at);
            System.arraycopy(slots, at, slots, at + 1, used - at);
            keys[at] = key;
            slots[at] = slot;
            used++;
        }

        private void delete(int at) {
            used--;
            System.arraycopy(keys, at + 1, keys, at, used - at);
            System.arraycopy(slots, at + 1, slots, at, used - at);
            clear(used, used + 1);
        }

        @SuppressWarnings("NullAway") // Unused slots are empty and never read.
        private void clear(int from, int to) {
            Arrays.fill(keys, from, to, null);
            Arrays.fill(slots, from, to, null);
        }

        /** Moves everything from {@code at} on into a new node at the right. */
        private Node splitAt(int at, Object editor) {
            Node right = new Node(leaf, FAN_OUT, editor);
            right.used = used - at;
            System.arraycopy(keys, at, right.keys, 0, right.used);
            System.arraycopy(slots, at, right.slots, 0, right.used);
            clear(at, used);
            used = at;
            right.recount();
            entries -= right.entries;
            return right;
        }

        private void append(Node right, Object lowerBound) {
            int together = used + right.used;
            if (together > keys.length) {
                keys = Arrays.copyOf(keys, FAN_OUT);
                slots = Arrays.copyOf(slots, FAN_OUT);
            }
            System.arraycopy(right.keys, 0, keys, used, right.used);
            System.arraycopy(right.slots, 0, slots, used, right.used);
            if (!leaf && right.used > 0) {
                keys[used] = lowerBound;
            }
            used = together;
            entries += right.entries;
        }

        private void recount() {
            if (leaf) {
                entries = used;
                return;
            }
            int sum = 0;
            for (int i = 0; i < used; i++) {
                sum += child(i).entries;
            }
            entries = sum;
        }
    }

    public static <K, V> OrderedMap<K, V> empty(Comparator<? super K> order) {
        return new OrderedMap<>(order, new Node(true, 0, null));
    }

    public int size() {
        return root.entries;
    }

    public boolean isEmpty() {
        return root.entries == 0;
    }

    public @Nullable V get(K key) {
        return find(root, order, key);
    }

    public boolean containsKey(K key) {
        return get(key) != null;
    }

    public OrderedMap<K, V> put(K key, V value) {
        Editor<K, V> editor = edit();
        editor.put(key, value);
        return editor.done();
    }

    public OrderedMap<K, V> remove(K key) {
        Editor<K, V> editor = edit();
        return editor.remove(key) == null ? this : editor.done();
    }

    /** Starts a batch of changes. This map stays as it is. */
    public Editor<K, V> edit() {
        return new Editor<>(this);
    }

    /** How many keys are smaller than this one. */
    public int rank(K key) {
        Node node = root;
        int before = 0;
        while (!node.leaf) {
            int child = childFor(node, order, key);
            for (int i = 0; i < child; i++) {
                before += node.child(i).entries;
            }
            node = node.child(child);
        }
        return before + firstNotBelow(node, order, key);
    }

    /** How many keys lie from {@code from} (inclusive) to {@code to} (exclusive). */
    public int countBetween(K from, K to) {
        return Math.max(0, rank(to) - rank(from));
    }

    /** All values in key order. */
    public Iterable<V> values() {
        return () -> new Walk<>(root, 0, root.entries);
    }

    /** The values from {@code from} (inclusive) on. */
    public Iterable<V> valuesFrom(K from) {
        return () -> new Walk<>(root, rank(from), root.entries);
    }

    /** The values after {@code after} (exclusive). */
    public Iterable<V> valuesAfter(K after) {
        return () -> new Walk<>(root, rankAfter(after), root.entries);
    }

    /** The values from {@code from} (inclusive) to {@code to} (exclusive). */
    public Iterable<V> valuesBetween(K from, K to) {
        return () -> new Walk<>(root, rank(from), rank(to));
    }

    /** The values after {@code after} (exclusive) and before {@code to} (exclusive). */
    public Iterable<V> valuesAfter(K after, K to) {
        return () -> new Walk<>(root, rankAfter(after), rank(to));
    }

    /** All keys in order. */
    public Iterable<K> keys() {
        return () -> new KeyWalk<>(new Walk<K, V>(root, 0, root.entries));
    }

    public void forEach(BiConsumer<? super K, ? super V> action) {
        Walk<K, V> walk = new Walk<>(root, 0, root.entries);
        while (walk.hasNext()) {
            V value = walk.next();
            action.accept(walk.key(), value);
        }
    }

    private int rankAfter(K key) {
        return rank(key) + (containsKey(key) ? 1 : 0);
    }

    @SuppressWarnings("unchecked")
    private static <K, V> @Nullable V find(Node from, Comparator<? super K> order, K key) {
        Node node = from;
        while (!node.leaf) {
            node = node.child(childFor(node, order, key));
        }
        int at = search(node, 0, order, key);
        return at < 0 ? null : (V) node.slots[at];
    }

    private static <K> int childFor(Node inner, Comparator<? super K> order, K key) {
        int at = search(inner, 1, order, key);
        return at >= 0 ? at : -at - 2;
    }

    private static <K> int firstNotBelow(Node leaf, Comparator<? super K> order, K key) {
        int at = search(leaf, 0, order, key);
        return at >= 0 ? at : -at - 1;
    }

    /** As {@link Arrays#binarySearch}. */
    @SuppressWarnings("unchecked")
    private static <K> int search(Node node, int from, Comparator<? super K> order, K key) {
        int low = from;
        int high = node.used - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int compared = order.compare((K) node.keys[middle], key);
            if (compared == 0) {
                return middle;
            } else if (compared < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }

    /** Changes a copy of a map. For one thread; of no more use after {@link #done}. */
    public static final class Editor<K, V> {
        private final Comparator<? super K> order;
        private final OrderedMap<K, V> original;
        private Node root;
        private @Nullable Object token = new Object();
        private @Nullable Object replaced;

        private Editor(OrderedMap<K, V> original) {
            this.order = original.order;
            this.original = original;
            this.root = original.root;
        }

        public @Nullable V get(K key) {
            return find(root, order, key);
        }

        public int size() {
            return root.entries;
        }

        /** Sets a value; returns the one it replaced, or null. */
        @SuppressWarnings("unchecked")
        public @Nullable V put(K key, V value) {
            Object editor = token();
            replaced = null;
            root = root.ownedBy(editor);
            Node right = put(root, key, value, true, editor);
            if (right != null) {
                Node taller = new Node(false, 4, editor);
                taller.insert(0, root.keys[0], root);
                taller.insert(1, right.keys[0], right);
                taller.recount();
                root = taller;
            }
            return (V) replaced;
        }

        /**
         * @param last whether the node is the rightmost of its level
         * @return the node split off at the right, or null
         */
        private @Nullable Node put(Node node, K key, V value, boolean last, Object editor) {
            return node.leaf ? putLeaf(node, key, value, last, editor) : putInner(node, key, value, last, editor);
        }

        private @Nullable Node putLeaf(Node leaf, K key, V value, boolean last, Object editor) {
            int at = search(leaf, 0, order, key);
            if (at >= 0) {
                replaced = leaf.slots[at];
                leaf.keys[at] = key;
                leaf.slots[at] = value;
                return null;
            }
            at = -at - 1;
            if (leaf.used < FAN_OUT) {
                leaf.insert(at, key, value);
                leaf.entries++;
                return null;
            }
            // Keys that arrive in order leave full leaves behind.
            Node right = leaf.splitAt(last && at == leaf.used ? leaf.used : FAN_OUT / 2, editor);
            Node target = at > leaf.used || right.used == 0 ? right : leaf;
            target.insert(target == leaf ? at : at - leaf.used, key, value);
            target.entries++;
            return right;
        }

        private @Nullable Node putInner(Node inner, K key, V value, boolean last, Object editor) {
            int at = childFor(inner, order, key);
            Node child = inner.child(at).ownedBy(editor);
            inner.slots[at] = child;
            Node grown = put(child, key, value, last && at == inner.used - 1, editor);
            if (replaced == null) {
                inner.entries++;
            }
            if (grown == null) {
                return null;
            }
            if (inner.used < FAN_OUT) {
                inner.insert(at + 1, grown.keys[0], grown);
                return null;
            }
            boolean appended = last && at == inner.used - 1;
            // An appended child goes into a node of its own, with the one before it for company.
            Node right = inner.splitAt(appended ? FAN_OUT - 1 : FAN_OUT / 2, editor);
            Node target = at >= inner.used ? right : inner;
            target.insert(target == inner ? at + 1 : at + 1 - inner.used, grown.keys[0], grown);
            inner.recount();
            right.recount();
            return right;
        }

        /** Removes a key; returns its value, or null if there was none. */
        public @Nullable V remove(K key) {
            V found = get(key);
            if (found == null) {
                return null;
            }
            Object editor = token();
            root = root.ownedBy(editor);
            remove(root, key, editor);
            while (!root.leaf && root.used == 1) {
                root = root.child(0);
            }
            if (root.entries == 0) {
                root = new Node(true, 0, null);
            }
            return found;
        }

        /** The key is known to be there. */
        private void remove(Node node, K key, Object editor) {
            node.entries--;
            if (node.leaf) {
                node.delete(search(node, 0, order, key));
                return;
            }
            int at = childFor(node, order, key);
            Node child = node.child(at).ownedBy(editor);
            node.slots[at] = child;
            remove(child, key, editor);
            if (child.entries == 0) {
                node.delete(at);
            } else if (child.used < SMALL && node.used > 1) {
                int left = at == node.used - 1 ? at - 1 : at;
                mergeIfFitting(node, left, editor);
            }
        }

        private static void mergeIfFitting(Node parent, int left, Object editor) {
            Node right = parent.child(left + 1);
            if (parent.child(left).used + right.used > FAN_OUT * 3 / 4) {
                return;
            }
            Node merged = parent.child(left).ownedBy(editor);
            merged.append(right, parent.keys[left + 1]);
            parent.slots[left] = merged;
            parent.delete(left + 1);
        }

        /** The changed map; the original where nothing changed. */
        public OrderedMap<K, V> done() {
            token = null;
            return root == original.root ? original : new OrderedMap<>(order, root);
        }

        private Object token() {
            if (token == null) {
                throw new IllegalStateException("this editor is done");
            }
            return token;
        }
    }

    /** Walks the entries with ranks from {@code start} to {@code end}; needs no comparison on the way. */
    private static final class Walk<K, V> implements Iterator<V> {
        private final Node[] path = new Node[MAX_DEPTH];
        private final int[] next = new int[MAX_DEPTH];
        private int depth;
        private int left;
        private Node leaf;
        private int at;

        private Walk(Node root, int start, int end) {
            left = Math.max(0, end - start);
            leaf = root;
            if (left > 0) {
                descendTo(root, start);
            }
        }

        private void descendTo(Node root, int rank) {
            Node node = root;
            int skip = rank;
            while (!node.leaf) {
                int child = 0;
                while (skip >= node.child(child).entries) {
                    skip -= node.child(child).entries;
                    child++;
                }
                path[depth] = node;
                next[depth++] = child + 1;
                node = node.child(child);
            }
            leaf = node;
            at = skip;
        }

        @Override
        public boolean hasNext() {
            return left > 0;
        }

        @Override
        @SuppressWarnings("unchecked")
        public V next() {
            if (left == 0) {
                throw new NoSuchElementException();
            }
            if (at == leaf.used) {
                nextLeaf();
            }
            left--;
            return (V) leaf.slots[at++];
        }

        /** The key of the value last returned. */
        @SuppressWarnings("unchecked")
        private K key() {
            return (K) leaf.keys[at - 1];
        }

        private void nextLeaf() {
            while (next[depth - 1] == path[depth - 1].used) {
                depth--;
            }
            Node node = path[depth - 1].child(next[depth - 1]++);
            while (!node.leaf) {
                path[depth] = node;
                next[depth++] = 1;
                node = node.child(0);
            }
            leaf = node;
            at = 0;
        }
    }

    private static final class KeyWalk<K, V> implements Iterator<K> {
        private final Walk<K, V> values;

        private KeyWalk(Walk<K, V> values) {
            this.values = values;
        }

        @Override
        public boolean hasNext() {
            return values.hasNext();
        }

        @Override
        public K next() {
            values.next();
            return values.key();
        }
    }
}
