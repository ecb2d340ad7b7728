package card

import "math/bits"

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
