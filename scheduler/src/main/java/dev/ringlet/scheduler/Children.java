package dev.ringlet.scheduler;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The living children of one cell: an intrusive list, and the names that were given. The links
 * stand in the children but belong to the parent's executor, also where a child lives elsewhere.
 */
final class Children {
  private @Nullable ActorCell<?> first;
  private @Nullable Set<String> names;

  boolean isEmpty() {
    return first == null;
  }

  /** Claims a name; null claims nothing. */
  void claim(@Nullable String name, String parentPath) {
    if (name == null) {
      return;
    }
    if (names == null) {
      names = new HashSet<>();
    }
    if (!names.add(name)) {
      throw new IllegalArgumentException(
          "name: \"" + name + "\"; " + parentPath + " has a living child of this name already");
    }
  }

  void add(ActorCell<?> child) {
    ActorCell<?> second = first;
    child.nextSibling = second;
    if (second != null) {
      second.previousSibling = child;
    }
    first = child;
  }

  /** Does nothing if it was removed already. */
  void remove(ActorCell<?> child) {
    ActorCell<?> next = child.nextSibling;
    ActorCell<?> previous = child.previousSibling;
    if (previous == null && first != child) {
      return;
    }
    if (next != null) {
      next.previousSibling = previous;
    }
    if (previous != null) {
      previous.nextSibling = next;
    } else {
      first = next;
    }
    child.nextSibling = null;
    child.previousSibling = null;
    String name = child.givenName();
    if (names != null && name != null) {
      names.remove(name);
    }
  }

  /** The action must not remove children at once. */
  void forEach(Consumer<ActorCell<?>> action) {
    for (ActorCell<?> child = first; child != null; child = child.nextSibling) {
      action.accept(child);
    }
  }
}
