package sparkplatform.recovery;

import java.util.List;
import java.util.ListIterator;

/** Lists for Scala. */
final class Lists {
    private Lists() {}

    /** Made by hand, because the library's converters have another name in every line of Scala. */
    static <T> scala.collection.immutable.List<T> scala(List<T> list) {
        scala.collection.immutable.List<T> result = empty();
        for (ListIterator<T> from = list.listIterator(list.size()); from.hasPrevious(); ) {
            result = prepended(from.previous(), result);
        }
        return result;
    }

    @SuppressWarnings("unchecked")
    private static <T> scala.collection.immutable.List<T> empty() {
        return (scala.collection.immutable.List<T>) scala.collection.immutable.Nil$.MODULE$;
    }

    private static <T> scala.collection.immutable.List<T> prepended(T first, scala.collection.immutable.List<T> rest) {
        return new scala.collection.immutable.$colon$colon<>(first, rest);
    }
}
