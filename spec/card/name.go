package card

import (
	"fmt"
	"math/bits"
)

// String is what a message calls a value of the kind.
func (k Kind) String() string {
	return [...]string{
		0: isNull, Null: isNull, Bool: isBool, Number: isNumber, Text: isText, List: isList, Object: isObject, Languages: isObject, Names: isObject,
	}[k]
}

// placeName is what a message calls a place.
func placeName(p Place) string {
	return [...]string{
		placeRoot, placeAction, placeExtra, placeNote, placeColumnSet, placeColumn, placeForm, placeContainer, placePanel,
		placePanelHead, placeChecker, placeText, placePlain, placeIcon, placeTags, placeFallback,
	}[bits.TrailingZeros32(uint32(p))]
}

// placesOf are the names of a set of places.
func placesOf(set Place) (names []string) {
	for p := InRoot; p <= InFallback; p <<= 1 {
		if set&p != 0 {
			names = append(names, placeName(p))
		}
	}
	return names
}

// nameOf is what a message calls a value: an element by its tag, anything else by its key.
func nameOf(n *Node) string {
	if n.Field != nil && n.Field.At != 0 && n.Shape != nil {
		return n.Shape.Name
	}
	entry := n.Parent != nil && n.Parent.Kind == List
	for ; n.Parent != nil; n = n.Parent {
		if ofAnyName := n.Parent.Field != nil && n.Parent.Field.Kind >= Languages; n.Key == "" || ofAnyName {
			continue
		}
		if entry {
			return fmt.Sprintf(anEntry, n.Key)
		}
		return n.Key
	}
	return rootShape
}
