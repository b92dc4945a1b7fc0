package dev.ringlet.scheduler;

import dev.ringlet.executor.PriorityClass;
import java.util.concurrent.ConcurrentHashMap;

/** The priority classes of one system, by name. Any thread. */
final class PriorityClasses {
  private final ConcurrentHashMap<String, ClassMembership> byName = new ConcurrentHashMap<>();

  /** The entry of a class, made with the first call; two classes of one name must be equal. */
  ClassMembership membership(PriorityClass priorityClass) {
    ClassMembership known =
        byName.computeIfAbsent(priorityClass.name(), name -> new ClassMembership(priorityClass));
    if (!known.priorityClass().equals(priorityClass)) {
      throw new IllegalArgumentException(
          "priorityClass: " + priorityClass + "; the name is taken by " + known.priorityClass());
    }
    return known;
  }

  void remove(PriorityClass priorityClass) {
    ClassMembership known = byName.get(priorityClass.name());
    if (known == null || !known.priorityClass().equals(priorityClass)) {
      throw new IllegalArgumentException(
          "priorityClass: " + priorityClass + "; the system does not know it");
    }
    known.remove();
    byName.remove(priorityClass.name(), known);
  }
}
