module client

go 1.26

require github.com/larksuite/oapi-sdk-go/v3 v3.4.22
